// Asks the FHIR service as a web application would, and prints what it found as JSON.
// Run: node ask.mjs http://127.0.0.1:8011/fhir/r4
import { CapabilityTool, Client } from 'fhir-kit-client';

const CM = 'http://hl7.org/fhir/sid/icd-10-cm';
const client = new Client({ baseUrl: process.argv[2] });

function value(parameters, name) {
  const found = parameters.parameter.find((p) => p.name === name);
  return found && Object.entries(found).find(([key]) => key.startsWith('value'))[1];
}

const capabilities = new CapabilityTool(await client.capabilityStatement());

const versions = [];
let page = await client.search({ resourceType: 'CodeSystem', searchParams: { _count: '1', url: CM } });
while (page) {
  versions.push(...page.entry.map((e) => e.resource.version));
  page = page.link.some((l) => l.relation === 'next') ? await client.nextPage({ bundle: page }) : null;
}
const posted = await client.search({
  resourceType: 'CodeSystem', searchParams: { url: CM }, options: { postSearch: true },
});

const system = await client.read({ resourceType: 'CodeSystem', id: 'icd-11' });
const lookup = await client.operation({
  name: 'lookup', resourceType: 'CodeSystem', method: 'GET', input: { system: CM, code: 'E11.9' },
});
const validated = await client.operation({
  name: 'validate-code',
  resourceType: 'ValueSet',
  input: {
    resourceType: 'Parameters',
    parameter: [
      { name: 'url', valueUri: `${CM}?fhir_vs=isa/E11` },
      { name: 'coding', valueCoding: { system: CM, code: 'E11.9' } },
    ],
  },
});
const batch = await client.batch({
  body: {
    resourceType: 'Bundle',
    type: 'batch',
    entry: ['E11.9', 'NONE'].map((code) => (
      { request: { method: 'GET', url: `CodeSystem/$lookup?system=${CM}&code=${code}` } }
    )),
  },
});
let refused;
try {
  await client.read({ resourceType: 'CodeSystem', id: 'none' });
} catch (error) {
  refused = error.response.status;
}

console.log(JSON.stringify({
  canCreate: capabilities.resourceCan('CodeSystem', 'create'),
  canRead: capabilities.resourceCan('CodeSystem', 'read'),
  canSearchByCode: capabilities.resourceSearch('ConceptMap', 'source-code'),
  versions,
  posted: posted.total,
  system: system.url,
  display: value(lookup, 'display'),
  valid: value(validated, 'result'),
  batch: batch.entry.map((e) => e.response.status),
  refused,
}));
