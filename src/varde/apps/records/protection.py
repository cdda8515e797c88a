"""What the database itself enforces: who sees which rows, and a log nobody can edit.

`protect` is run after every migration. It is idempotent, and it finds the tables by
their models, so that a new table with patient data is protected from its first day.
"""

from django.apps import apps
from django.db import connections
from django.db.models import Model

from varde.apps.records.models.patient import Scoped


WEB_ROLE = "varde_web"
CHAINS = 8  # transactions spread over so many chains; each seals only at its commit

# Also seen within a district only, without being Scoped.
OTHER_SCOPED = ("records_recordopening",)
# Told by events; a second log of the same would only double the writing.
# What is sealed must be gone when it is deleted (`MissionSecret`).
NOT_CHANGE_LOGGED = (
    "records_call",
    "records_telephonyevent",
    "records_contactevent",
    "records_missionsecret",
)
# Not about patients, but those responsible must see who changed them.
OTHER_CHANGE_LOGGED = (
    "records_recordopening",
    "records_indexversion",
    "records_datedsetting",
    "records_rolegrant",
    "records_bed",
    "records_qualification",
    "records_phrase",
    "records_apiclient",
    "records_nursinghome",
    "records_nursinghomenumber",
    "records_nursinghomehours",
    "records_position",
    "records_absence",
    "records_ownperiods",
    "records_competencedocument",
    "records_dispensation",
    "records_vikarapproval",
    "records_helpagreement",
    "records_dutyline",
    "records_standin",
    "records_nodnettmember",
)
APPEND_ONLY = (
    "records_auditentry",
    "records_auditchain",
    "records_contactevent",
    "records_telephonyevent",
    "records_alarmsignal",
    "records_listening",
    "records_indexevent",
    "records_safetyseen",
    "records_safetycall",
    "records_safetyaccount",
    "records_equipmentcheck",
    "records_designform",
    "records_doctorevent",
    "records_orderresult",
    "records_missionpress",
    "records_rotachange",
    "records_rotaoverride",
    "records_nodnettchange",
)

IN_SCOPE = (
    "district_id = ANY"
    " ((SELECT NULLIF(current_setting('varde.districts', true), '')::bigint[])::bigint[])"
)

FUNCTIONS = """
CREATE OR REPLACE FUNCTION varde_audit_payload(entry records_auditentry) RETURNS text
LANGUAGE sql STABLE SET timezone TO 'UTC' SET extra_float_digits TO '1' AS $$
  SELECT (to_jsonb(entry) - 'chain' - 'seq' - 'prev_hash' - 'hash')::text
$$;

-- The first entry of a transaction seals all of them: the chain's head is written once.
CREATE OR REPLACE FUNCTION varde_seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  link smallint := (pg_current_xact_id()::text::bigint % {chains})::smallint;
  head records_auditchain;
  entry records_auditentry;
BEGIN
  IF NOT EXISTS (
    SELECT FROM records_auditentry WHERE id = NEW.id AND seq IS NULL
  ) THEN RETURN NULL; END IF;
  INSERT INTO records_auditchain (chain, seq, hash) VALUES (link, 0, '\\x')
    ON CONFLICT DO NOTHING;
  SELECT * INTO head FROM records_auditchain WHERE chain = link FOR UPDATE;
  -- Others' unsealed entries are not seen before they commit, and then they are sealed.
  -- EXECUTE: planned by the table's size now, not by its size when the session began.
  FOR entry IN EXECUTE
    'SELECT * FROM records_auditentry WHERE seq IS NULL ORDER BY id'
  LOOP
    entry.prev_hash := head.hash;
    head.seq := head.seq + 1;
    head.hash := sha256(
      head.hash || convert_to(varde_audit_payload(entry), 'UTF8'));
    UPDATE records_auditentry
      SET chain = link, seq = head.seq, prev_hash = entry.prev_hash, hash = head.hash
      WHERE id = entry.id;
  END LOOP;
  UPDATE records_auditchain SET seq = head.seq, hash = head.hash WHERE chain = link;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION varde_log_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{{}}' ELSE to_jsonb(OLD) END;
  after jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{{}}' ELSE to_jsonb(NEW) END;
  known jsonb := before || after;
  diff jsonb;
BEGIN
  -- A bulk load by the owner of the database is logged as one act by its command.
  IF current_setting('varde.bulk', true) = '1' AND session_user <> '{web}' THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(key, jsonb_build_array(before -> key, value))
      INTO diff FROM jsonb_each(after)
      WHERE key <> 'heartbeat_at' AND value IS DISTINCT FROM before -> key;
    IF diff IS NULL THEN RETURN NULL; END IF;
  ELSE
    diff := known - 'text' - 'document';
  END IF;
  INSERT INTO records_auditentry
    (district_id, kind, what, "table", row_id, patient_id, contact_id, data, user_id,
     role, place, purpose, reason, occurred_at, recorded_at)
  VALUES (
    (known ->> 'district_id')::bigint, 'change', lower(TG_OP), TG_TABLE_NAME,
    (known ->> 'id')::bigint,
    CASE WHEN TG_TABLE_NAME = 'records_patient' THEN (known ->> 'id')::bigint
         ELSE (known ->> 'patient_id')::bigint END,
    CASE WHEN TG_TABLE_NAME = 'records_contact' THEN (known ->> 'id')::bigint
         ELSE (known ->> 'contact_id')::bigint END,
    diff, NULLIF(current_setting('varde.user', true), '')::bigint,
    '', '', '', COALESCE(current_setting('varde.reason', true), ''),
    clock_timestamp(), clock_timestamp());
  RETURN NULL;
END $$;
"""

# Everything that hangs on a contact and lives in its district, and how to find it.
_MISSIONS = "SELECT id FROM records_mission WHERE contact_id = moved"
_CALLS = "SELECT id FROM records_call WHERE contact_id = moved"
_ATTENDANCES = "SELECT id FROM records_attendance WHERE contact_id = moved"
OF_CONTACT = dict.fromkeys(
    (
        "records_contactevent",
        "records_assessment",
        "records_vitalsigns",
        "records_outcome",
        "records_amkhandover",
        "records_doctorquestion",
        "records_approval",
        "records_interpreterrequest",
        "records_fastlegenote",
        "records_clinicalnote",
        "records_claimline",
        "records_review",
        "records_recordopening",
        "records_call",
        "records_alarm",
        "records_attendance",
        "records_bedstay",
        "records_conflict",
        "records_mission",
        "records_nursinghomerequest",
    ),
    "contact_id = moved",
) | {
    "records_waittold": f"attendance_id IN ({_ATTENDANCES})",
    **dict.fromkeys(
        ("records_bedplacement", "records_bedlook"),
        "stay_id IN (SELECT id FROM records_bedstay WHERE contact_id = moved)",
    ),
    "records_missioncrew": f"mission_id IN ({_MISSIONS})",
    "records_missionpress": f"mission_id IN ({_MISSIONS})",
    "records_missionsecret": f"mission_id IN ({_MISSIONS})",
    "records_lonealarm": f"mission_id IN ({_MISSIONS})",
    "records_lonestep": (
        "alarm_id IN (SELECT id FROM records_lonealarm"  # noqa: S608
        f" WHERE mission_id IN ({_MISSIONS}))"
    ),
    "records_reviewscore": (
        "review_id IN (SELECT id FROM records_review WHERE contact_id = moved)"
    ),
    "records_look": f"attendance_id IN ({_ATTENDANCES})",
    "records_order": f"attendance_id IN ({_ATTENDANCES})",
    "records_orderresult": (
        "order_id IN (SELECT id FROM records_order"  # noqa: S608
        f" WHERE attendance_id IN ({_ATTENDANCES}))"
    ),
    "records_alarmsignal": (
        "alarm_id IN (SELECT id FROM records_alarm WHERE contact_id = moved)"
    ),
    "records_telephonyevent": f"call_id IN ({_CALLS})",
    "records_recording": f"call_id IN ({_CALLS})",
    "records_listening": (
        "recording_id IN (SELECT id FROM records_recording"  # noqa: S608
        f" WHERE call_id IN ({_CALLS}))"
    ),
    "records_callback": f"contact_id = moved OR call_id IN ({_CALLS})",
    "records_callbackattempt": (
        "callback_id IN (SELECT id FROM records_callback"  # noqa: S608
        f" WHERE contact_id = moved OR call_id IN ({_CALLS}))"
    ),
}
# The station's own stay where they are, also when a contact that they name moves.
NOT_OF_CONTACT = (
    "records_patient",
    "records_contact",
    "records_safetyincident",
    "records_safetyseen",
    "records_safetycall",
    "records_safetyaccount",
    "records_checklist",
    "records_checklistinterval",
    "records_checklistitem",
    "records_equipmentcheck",
    "records_equipmentlack",
    "records_designform",
    "records_paperprint",
    "records_paperform",
    "records_helpitem",
)

# The rows of a contact follow it to another district. Some of them the web process may
# not change, so a function of the owner does it: it changes their district to that of the
# contact's own row and nothing else, and only for a contact within the scope at hand.
FOLLOW = """
CREATE OR REPLACE FUNCTION varde_follow_contact(moved bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mine bigint[] := NULLIF(current_setting('varde.districts', true), '')::bigint[];
  goes_to bigint := (SELECT district_id FROM records_contact WHERE id = moved);
BEGIN
  IF goes_to IS NULL OR (
    (session_user = '{web}' OR current_setting('role') = '{web}')
    AND NOT goes_to = ANY (COALESCE(mine, '{{}}')))
  THEN
    RAISE insufficient_privilege USING MESSAGE =
      'only a contact of the districts at hand can be followed';
  END IF;
{updates}
END $$;
REVOKE EXECUTE ON FUNCTION varde_follow_contact(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION varde_follow_contact(bigint) TO {web};
"""

# People by the beginnings of their names. Text search is not among what may be used for an
# index beneath row-level security (it might tell of rows that are not shown), so without
# this a name is looked for in every row. The function looks in the index and then keeps
# to the scope at hand, as the policy does.
NAMES = """
CREATE INDEX IF NOT EXISTS patients_named ON records_patient USING gin (
  to_tsvector('simple'::regconfig,
    given_name || ' ' || family_name || ' ' || other_id));
CREATE INDEX IF NOT EXISTS patients_by_phone
  ON records_patient (phone text_pattern_ops);

CREATE OR REPLACE FUNCTION varde_patients_named(words text, most int, looked int)
RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id FROM (
    SELECT id, family_name, given_name FROM records_patient
    WHERE to_tsvector('simple'::regconfig,
            given_name || ' ' || family_name || ' ' || other_id)
          @@ to_tsquery('simple'::regconfig, words)
      AND merged_into_id IS NULL
      AND ((session_user <> '{web}' AND current_setting('role') <> '{web}')
           OR {in_scope})
    LIMIT looked
  ) found ORDER BY family_name, given_name, id LIMIT most
$$;
REVOKE EXECUTE ON FUNCTION varde_patients_named(text, int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION varde_patients_named(text, int, int) TO {web};
"""

# A note that was signed says what it said: a correction is a new version. Its district may
# follow the contact, and the other doctor's decision is written beside.
SIGNED_NOTES = """
CREATE OR REPLACE FUNCTION varde_keep_signed() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  beside text[] := ARRAY[
    'district_id', 'state', 'decided_by_id', 'decided_at', 'decision_note'];
BEGIN
  IF OLD.state <> 'draft' AND (
    TG_OP = 'DELETE' OR NEW.state = 'draft'
    OR to_jsonb(OLD) - beside <> to_jsonb(NEW) - beside)
  THEN
    RAISE insufficient_privilege USING MESSAGE = 'a signed note is never changed';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
DROP TRIGGER IF EXISTS varde_keep_signed ON records_clinicalnote;
CREATE TRIGGER varde_keep_signed BEFORE UPDATE OR DELETE ON records_clinicalnote
  FOR EACH ROW EXECUTE FUNCTION varde_keep_signed();
"""

# What was shown to a council says what it said: it may be counted again beside, by a new
# one, and never changed or taken away.
SHARED_COMPARISONS = """
CREATE OR REPLACE FUNCTION varde_keep_shared() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.shared_at IS NOT NULL THEN
    RAISE insufficient_privilege USING MESSAGE =
      'a comparison that is shared is never changed';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
DROP TRIGGER IF EXISTS varde_keep_shared ON records_staffingcomparison;
CREATE TRIGGER varde_keep_shared BEFORE UPDATE OR DELETE ON records_staffingcomparison
  FOR EACH ROW EXECUTE FUNCTION varde_keep_shared();
"""

TABLE_SEAL = """
CREATE INDEX IF NOT EXISTS audit_not_sealed ON records_auditentry (id) WHERE seq IS NULL;
DROP TRIGGER IF EXISTS varde_seal ON records_auditentry;
CREATE CONSTRAINT TRIGGER varde_seal AFTER INSERT ON records_auditentry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION varde_seal();
ALTER TABLE records_auditentry ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS read_scope ON records_auditentry;
DROP POLICY IF EXISTS write_any ON records_auditentry;
CREATE POLICY read_scope ON records_auditentry FOR SELECT
  USING (district_id IS NULL OR {in_scope});
CREATE POLICY write_any ON records_auditentry FOR INSERT WITH CHECK (true);
"""

ROWS = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS scope ON {table};
CREATE POLICY scope ON {table} USING ({in_scope}) WITH CHECK ({in_scope});
"""

CHANGES = """
DROP TRIGGER IF EXISTS varde_change ON {table};
CREATE TRIGGER varde_change AFTER INSERT OR UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION varde_log_change();
"""

ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{web}') THEN
    CREATE ROLE {web} LOGIN NOBYPASSRLS;
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO {web};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {web};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {web};
"""

CATCHMENT = """
ALTER TABLE records_catchment DROP CONSTRAINT IF EXISTS one_station_at_a_time;
ALTER TABLE records_catchment ADD CONSTRAINT one_station_at_a_time EXCLUDE USING gist (
  int4range(municipality_id::int, municipality_id::int, '[]') WITH &&,
  daterange(valid_from, valid_to) WITH &&,
  (CASE hours WHEN 'all' THEN int4range(0, 2)
              WHEN 'day' THEN int4range(0, 1) ELSE int4range(1, 2) END) WITH &&);
"""


def scoped_models() -> list[type[Model]]:
    """Every model whose rows belong to one district's patients."""
    return [m for m in apps.get_models() if issubclass(m, Scoped)]


def scoped_tables() -> list[str]:
    """Every table under row-level security by district."""
    return [m._meta.db_table for m in scoped_models()] + list(OTHER_SCOPED)


def protect(using: str) -> None:
    """Put policies, log triggers and the web role's rights in place."""
    statements = [
        ROLE.format(web=WEB_ROLE),
        FUNCTIONS.format(chains=CHAINS, web=WEB_ROLE),
        TABLE_SEAL.format(in_scope=IN_SCOPE),
        SIGNED_NOTES,
        SHARED_COMPARISONS,
        CATCHMENT,
        NAMES.format(web=WEB_ROLE, in_scope=IN_SCOPE),
        FOLLOW.format(
            web=WEB_ROLE,
            updates="\n".join(
                f"  UPDATE {table} SET district_id = goes_to WHERE {where};"  # noqa: S608
                for table, where in OF_CONTACT.items()
            ),
        ),
    ]
    for table in scoped_tables():
        statements.append(ROWS.format(table=table, in_scope=IN_SCOPE))
        if table not in NOT_CHANGE_LOGGED:
            statements.append(CHANGES.format(table=table))
    statements += [CHANGES.format(table=table) for table in OTHER_CHANGE_LOGGED]
    statements += [
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {WEB_ROLE};"
        for table in APPEND_ONLY
    ]
    statements.append(f"REVOKE ALL ON records_auditchain FROM {WEB_ROLE};")
    with connections[using].cursor() as cursor:
        cursor.execute("\n".join(statements))


_protected: set[str] = set()


def after_migrate(*, using: str, **_: object) -> None:
    """Run `protect` once a process and database (a flush in tests sends this too)."""
    name = str(connections[using].settings_dict["NAME"])
    tables = connections[using].introspection.table_names()
    if name in _protected or "records_recordopening" not in tables:
        return
    protect(using)
    _protected.add(name)
