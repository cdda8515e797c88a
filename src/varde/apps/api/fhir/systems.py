"""The names of the code systems and identifier systems in what we send.

National ones as in HL7 Norway's basis profiles (no-basis); our own are `urn:varde:codes:…`,
the same in every installation.
"""

from varde.domain.national_id import IdKind


# Of persons. An H-number belongs to the institution that made it: it has no national
# system, and is sent with its type in words only.
NATIONAL_ID = {
    IdKind.FODSELSNUMMER: "urn:oid:2.16.578.1.12.4.1.4.1",
    IdKind.D_NUMBER: "urn:oid:2.16.578.1.12.4.1.4.2",
    IdKind.FH_NUMBER: "urn:oid:2.16.578.1.12.4.1.4.3",
    IdKind.DUF: "urn:oid:2.16.578.1.12.4.1.4.5",
}
HPR = "urn:oid:2.16.578.1.12.4.1.4.4"
HER_ID = "urn:oid:2.16.578.1.12.4.1.2"
MUNICIPALITY = "urn:oid:2.16.578.1.12.4.1.1.3402"
MUNICIPALITY_CODE = "http://hl7.no/fhir/StructureDefinition/no-basis-municipalitycode"

ICPC2 = "http://hl7.org/fhir/sid/icpc-2"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
ISO_COUNTRY = "urn:iso:std:iso:3166"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
ACT_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
OBSERVATION_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"
AUDIT_TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type"
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
ABSENT_EXTENSION = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
CITIZENSHIP = "http://hl7.org/fhir/StructureDefinition/patient-citizenship"

OWN = "urn:varde:codes:"
ESTIMATED_AGE = "urn:varde:extension:estimated-age"


def own(name: str) -> str:
    """One of our own code systems.

    >>> own("outcome")
    'urn:varde:codes:outcome'
    """
    return OWN + name
