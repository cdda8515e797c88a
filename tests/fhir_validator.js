// Validates FHIR R4 resources with the npm package `fhir`: a JSON list on standard input,
// a JSON list of lists of faults out. The Python models accept codes that do not exist.
const { Fhir } = require("fhir");
const fs = require("fs");

const fhir = new Fhir();
const resources = JSON.parse(fs.readFileSync(0, "utf8"));
const faults = resources.map((resource) => {
  const answer = fhir.validate(resource, { errorOnUnexpected: true });
  return answer.messages
    // A warning is a code outside a value set that only suggests (ICPC-2, Norwegian ones).
    .filter((one) => ["error", "fatal"].includes(one.severity))
    .map((one) => `${one.resourceId} ${one.location}: ${one.message}`);
});
process.stdout.write(JSON.stringify(faults));
