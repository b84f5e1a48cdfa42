// Uses the types that openapi-typescript made of a running server, and prints what it was answered.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

const api = createClient<paths>({ baseUrl: process.argv[2] });
const told: Record<string, unknown> = {};

const path = { system: "icd-10-cm", code: "E11.9" };
const found = await api.GET("/api/v1/codes/{system}/{code}", { params: { path } });
told.title = found.data?.title;
told.begins = found.data?.life[0]?.from;

const missing = await api.GET("/api/v1/codes/{system}/{code}", { params: { path: { ...path, code: "E11.99" } } });
told.status = missing.error?.status;
told.suggestions = missing.error?.suggestions;

const mapped = await api.GET("/api/v1/crosswalk/{system}/{code}", { params: { path } });
const representation: "full" | "full-postcoordinated" | "partial" | "none" | undefined = mapped.data?.representation;
told.representation = representation;

const claim: components["schemas"]["ClaimIn"] = {
  setting: "professional",
  date_of_service: "2026-11-02",
  diagnoses: [{ code: "E11" }],
};
const checked = await api.POST("/api/v1/claims/check", { body: claim });
if (checked.data && "findings" in checked.data) told.edits = checked.data.findings.map((finding) => finding.edit);

const batch = await api.POST("/api/v1/crosswalk", { body: { system: "icd-10-cm", codes: ["E11.9", "nonsense"] } });
told.errors = batch.data?.results.map((result) => result.error?.status ?? null);

console.log(JSON.stringify(told));
