"""What people hand us and what we hand them: tables, batch mapping, exports, reports. Knows no HTTP."""
