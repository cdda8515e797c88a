"""Who may ask what: one table of view × person × answer, over every address there is.

A new view without a row fails the suite. To add one: write its row, run the test, and
read what it prints: the row as the program answers. Ask of each cell whether it should
be so before you paste it.

Answers: an HTTP status; `login` (sent to log in); `reason` (asked why, since the record
is outside the task). What is not there and what is not yours are both 404.

Columns after the method: `-`, or another thing than the usual for the address, as
`contact=old`. The people work at HEL (the doctor and the nurse at its station, the kommuneoverlege in
its district), `other` is an operator of another sentral, in another district.
"""

from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from tests import fhir, make, make_studies, rota
from varde.apps.records.models import (
    Approval,
    BedPlacement,
    BedStay,
    CallBack,
    Catchment,
    Certificate,
    Checklist,
    ChecklistInterval,
    ChecklistItem,
    ClinicalNote,
    CompensatingMeasure,
    CompetenceDocument,
    Conflict,
    Course,
    DoctorQuestion,
    EquipmentLack,
    FastlegeNote,
    HelpAgreement,
    HelpItem,
    HelpTakeover,
    IndexVersion,
    InterpreterRequest,
    LoneAlarm,
    LoneStep,
    Mission,
    MissionPress,
    NodnettDay,
    OperatorNeed,
    Order,
    Outcome,
    Partner,
    Phrase,
    Qualification,
    Recording,
    RecordOpening,
    Review,
    SafetyIncident,
    Vehicle,
)
from varde.apps.sentral.services import paper_forms
from varde.apps.staffing.services.feeds import make_feed
from varde.content import STARTER_INDEX_FILE, starter_index_text


PEOPLE = [
    "nobody",
    "operator",
    "doctor",
    "leader",
    "overlege",
    "kommune",
    "admin",
    "auditor",
    "other",
    "nurse",
]

TABLE = """
# view                            method with          nobody operator doctor leader overlege kommune admin auditor other nurse
home                              GET    -             login  302      302    302    302      302     302   302     302   302
handbook                          GET    -             200    200      200    200    200      200     200   200     200   200
handbook_page                     GET    -             200    200      200    200    200      200     200   200     200   200
station:board                     GET    -             login  200      200    200    200      404     404   404     404   200
station:numbers                   GET    -             login  200      200    200    200      200     404   404     404   200
station:inhabitants               GET    -             login  404      404    404    200      200     404   404     404   404
station:inhabitants               POST   -             login  404      404    404    200      200     404   404     404   404
station:wall                      GET    -             login  200      200    200    404      404     404   404     404   200
station:waiting_room              GET    -             200    200      200    200    200      200     200   200     200   200
station:arrived                   POST   -             login  404      404    404    404      404     404   404     404   404
station:new                       GET    -             login  200      200    200    404      404     404   404     404   200
station:new                       POST   -             login  302      302    302    404      404     404   404     404   302
station:search                    POST   -             login  200      200    200    404      404     404   404     404   200
station:patient                   GET    -             login  200      200    200    404      404     404   404     404   200
station:triage                    POST   -             login  200      200    200    404      404     404   404     404   200
station:look                      POST   -             login  200      200    200    404      404     404   404     404   200
station:room                      POST   -             login  302      302    302    404      404     404   404     404   302
station:leave                     POST   -             login  200      200    200    404      404     404   404     404   200
station:identify                  POST   -             login  200      200    200    404      404     404   404     404   200
station:beds                      GET    -             login  200      200    200    200      404     404   404     404   200
station:bed_list                  GET    -             login  404      404    200    200      404     404   404     404   404
station:bed_list                  POST   -             login  404      404    200    200      404     404   404     404   404
station:bed_days                  GET    -             login  200      200    200    200      404     404   404     404   200
station:bed_year_csv              GET    -             login  404      404    200    200      404     404   404     404   404
station:bed                       GET    -             login  200      200    200    404      404     404   404     404   200
station:bed                       POST   -             login  200      200    200    404      404     404   404     404   200
station:take_out_bed              POST   -             login  404      404    302    302      404     404   404     404   404
station:bed_for_contact           GET    -             login  302      302    302    404      404     404   404     404   302
station:bed_stay                  GET    -             login  200      200    200    reason   404     404   404     404   200
station:bed_looked                POST   -             login  302      200    302    404      404     404   404     404   302
station:bed_plan                  POST   -             login  200      200    200    404      404     404   404     404   200
station:bed_doctor                POST   -             login  200      200    200    404      404     404   404     404   200
station:bed_move                  POST   -             login  200      200    200    404      404     404   404     404   200
station:bed_discharge             POST   -             login  200      200    200    404      404     404   404     404   200
station:bed_correct               POST   -             login  200      200    200    404      404     404   404     404   200
station:bed_for_contact           GET    contact=old   login  reason   reason reason 404      404     404   404     404   reason
station:note                      GET    -             login  404      200    404    404      404     404   404     404   200
station:note                      GET    contact=old   login  404      reason 404    404      404     404   404     404   reason
station:save_note                 POST   -             login  404      302    404    404      404     404   404     404   302
station:note_phrase               POST   -             login  404      404    404    404      404     404   404     404   404
station:diagnosis_search          POST   -             login  404      200    404    404      404     404   404     404   200
station:diagnosis                 POST   -             login  404      200    404    404      404     404   404     404   200
station:note_consent              POST   -             login  404      302    404    404      404     404   404     404   302
station:sign_note                 POST   -             login  404      200    404    404      404     404   404     404   200
station:drop_draft                POST   -             login  404      302    404    404      404     404   404     404   302
station:decide_note               POST   -             login  404      302    404    404      404     404   404     404   404
station:note_list                 GET    -             login  404      200    404    404      404     404   404     404   200
station:epikrise_again            POST   -             login  404      302    404    404      404     404   404     404   302
station:epikrise_handed_over      POST   -             login  404      200    404    404      404     404   404     404   200
station:phrases                   GET    -             login  404      200    200    200      404     404   404     404   200
station:phrases                   POST   -             login  404      200    200    200      404     404   404     404   200
station:remove_phrase             POST   -             login  404      404    302    302      404     404   404     404   404
station:safety                    GET    -             login  200      200    200    200      404     404   404     404   200
station:safety_alarm              POST   -             login  200      200    200    200      404     404   404     404   200
station:safety_register           POST   -             login  200      200    200    200      404     404   404     404   200
station:alone                     GET    -             login  200      200    200    200      404     404   404     404   200
station:alone_csv                 GET    -             login  404      404    200    200      404     404   404     404   404
station:incident                  GET    -             login  200      200    200    200      404     404   404     404   200
station:incident                  GET    incident=over login  404      404    200    200      404     404   404     404   404
station:see_incident              POST   -             login  302      302    302    302      404     404   404     404   302
station:end_incident              POST   -             login  200      200    200    200      404     404   404     404   200
station:incident_call             POST   -             login  200      200    200    200      404     404   404     404   200
station:incident_account          POST   -             login  200      200    200    200      404     404   404     404   200
station:incident_tie              POST   -             login  302      302    302    302      404     404   404     404   302
station:equipment                 GET    -             login  200      200    200    200      404     404   404     404   200
station:place_checklist           POST   -             login  404      404    200    200      404     404   404     404   404
station:checklist                 GET    -             login  200      200    200    200      404     404   404     404   200
station:equipment_check           GET    -             login  200      200    200    200      404     404   404     404   200
station:equipment_check           POST   -             login  200      200    200    200      404     404   404     404   200
station:change_checklist          POST   -             login  404      404    404    404      404     404   404     404   404
station:lack                      POST   -             login  200      200    200    200      404     404   404     404   200
station:design                    GET    -             login  200      200    200    200      404     404   404     404   200
station:design                    POST   -             login  200      200    200    200      404     404   404     404   200
station:doctor                    GET    -             login  404      200    404    404      404     404   404     404   404
station:say_doing                 POST   -             login  404      200    404    404      404     404   404     404   404
station:doctor_patient            GET    -             login  404      200    404    404      404     404   404     404   404
station:take_patient              POST   -             login  404      302    404    404      404     404   404     404   404
station:give_back                 POST   -             login  404      200    404    404      404     404   404     404   404
station:hand_over                 POST   -             login  404      200    404    404      404     404   404     404   404
station:finish_patient            POST   -             login  404      200    404    404      404     404   404     404   404
station:order_tests               POST   -             login  404      200    404    404      404     404   404     404   404
station:orders                    GET    -             login  404      200    404    404      404     404   404     404   200
station:take_order                POST   -             login  404      302    404    404      404     404   404     404   302
station:answer_order              POST   -             login  404      200    404    404      404     404   404     404   200
station:correct_order             POST   -             login  404      200    404    404      404     404   404     404   200
station:cancel_order              POST   -             login  404      200    404    404      404     404   404     404   200
station:conflicts                 GET    -             login  200      200    200    200      404     404   404     404   200
station:solve_conflict            POST   -             login  200      200    200    404      404     404   404     404   200
station:car_worker                GET    -             200    200      200    200    200      200     200   200     200   200
station:away                      GET    -             200    200      200    200    200      200     200   200     200   200
station:missions                  GET    -             login  200      200    200    200      404     404   404     404   200
station:new_mission               GET    -             login  200      200    200    404      404     404   404     404   200
station:new_mission               POST   -             login  200      200    200    404      404     404   404     404   200
station:begin_mission             GET    outcome=visit login  200      200    200    404      404     404   404     404   200
station:begin_mission             POST   outcome=visit login  200      200    200    404      404     404   404     404   200
station:begin_mission             GET    -             login  404      404    404    404      404     404   404     404   404
station:mission                   GET    -             login  200      200    200    404      404     404   404     404   200
station:mission                   GET    mission=old_mission login  reason   reason reason 404      404     404   404     404   reason
station:press                     POST   -             login  200      200    200    404      404     404   404     404   200
station:presses                   POST   -             login  400      400    400    404      404     404   404     404   400
station:mission_times             GET    -             login  200      200    200    404      404     404   404     404   200
station:correct_press             POST   -             login  200      200    200    404      404     404   404     404   200
station:mission_crew              POST   -             login  200      200    200    404      404     404   404     404   200
station:lone_watch                POST   -             login  302      302    302    404      404     404   404     404   302
station:write_door                POST   -             login  302      302    302    404      404     404   404     404   302
station:look_at_door              POST   -             login  200      200    200    404      404     404   404     404   200
station:end_mission               POST   -             login  200      200    200    404      404     404   404     404   200
station:answer_lone               POST   alarm=lone_alarm login  200      200    200    404      404     404   404     404   200
station:lone_step                 POST   -             login  302      302    302    404      404     404   404     404   302
station:vehicles                  GET    -             login  404      404    200    200      404     404   404     404   404
station:vehicles                  POST   -             login  404      404    200    200      404     404   404     404   404
station:vehicle_in_use            POST   -             login  404      404    302    302      404     404   404     404   404
health                            GET    -             200    200      200    200    200      200     200   200     200   200
metrics                           GET    -             200    200      200    200    200      200     200   200     200   200
account                           GET    -             login  200      200    200    200      200     200   200     200   200
account_login                     GET    -             200    302      302    302    302      302     302   302     302   302
account_login                     POST   -             200    302      302    302    302      302     302   302     302   302
account_logout                    GET    -             302    200      200    200    200      200     200   200     200   200
account_logout                    POST   -             302    302      302    302    302      302     302   302     302   302
account_inactive                  GET    -             200    200      200    200    200      200     200   200     200   200
account_reauthenticate            GET    -             login  200      200    200    200      200     200   200     200   200
account_reauthenticate            POST   -             login  200      200    200    200      200     200   200     200   200
account_change_password           GET    -             login  200      200    200    200      200     200   200     200   200
account_change_password           POST   -             login  200      200    200    200      200     200   200     200   200
first_password                    GET    -             404    404      404    404    404      404     404   404     404   404
first_password                    POST   -             404    404      404    404    404      404     404   404     404   404
pin                               GET    -             login  200      200    200    200      200     200   200     200   200
pin                               POST   -             login  200      200    200    200      200     200   200     200   200
mfa_index                         GET    -             login  200      200    200    200      200     200   200     200   200
mfa_authenticate                  GET    -             302    302      302    302    302      302     302   302     302   302
mfa_authenticate                  POST   -             302    302      302    302    302      302     302   302     302   302
mfa_reauthenticate                GET    -             login  302      302    302    302      302     302   302     302   302
mfa_reauthenticate                POST   -             login  302      302    302    302      302     302   302     302   302
mfa_activate_totp                 GET    -             login  200      200    200    200      200     200   200     200   200
mfa_activate_totp                 POST   -             login  200      200    200    200      200     200   200     200   200
mfa_deactivate_totp               GET    -             login  404      404    404    404      404     404   404     404   404
mfa_deactivate_totp               POST   -             login  404      404    404    404      404     404   404     404   404
mfa_view_recovery_codes           GET    -             login  404      404    404    404      404     404   404     404   404
mfa_generate_recovery_codes       GET    -             login  200      200    200    200      200     200   200     200   200
mfa_generate_recovery_codes       POST   -             login  200      200    200    200      200     200   200     200   200
mfa_download_recovery_codes       GET    -             login  404      404    404    404      404     404   404     404   404
mfa_download_recovery_codes       POST   -             login  404      404    404    404      404     404   404     404   404
mfa_list_webauthn                 GET    -             login  200      200    200    200      200     200   200     200   200
mfa_add_webauthn                  GET    -             login  200      200    200    200      200     200   200     200   200
mfa_add_webauthn                  POST   -             login  200      200    200    200      200     200   200     200   200
mfa_reauthenticate_webauthn       GET    -             login  302      302    302    302      302     302   302     302   302
mfa_reauthenticate_webauthn       POST   -             login  302      302    302    302      302     302   302     302   302
mfa_edit_webauthn                 GET    -             login  404      404    404    404      404     404   404     404   404
mfa_edit_webauthn                 POST   -             login  404      404    404    404      404     404   404     404   404
mfa_remove_webauthn               GET    -             login  404      404    404    404      404     404   404     404   404
mfa_remove_webauthn               POST   -             login  404      404    404    404      404     404   404     404   404
mfa_login_webauthn                GET    -             302    302      302    302    302      302     302   302     302   302
mfa_login_webauthn                POST   -             302    302      302    302    302      302     302   302     302   302
socialaccount_connections         GET    -             login  200      200    200    200      200     200   200     200   200
socialaccount_connections         POST   -             login  200      200    200    200      200     200   200     200   200
socialaccount_login_cancelled     GET    -             200    200      200    200    200      200     200   200     200   200
socialaccount_login_error         GET    -             401    401      401    401    401      401     401   401     401   401
openid_connect_login              GET    -             404    404      404    404    404      404     404   404     404   404
openid_connect_login              POST   -             404    404      404    404    404      404     404   404     404   404
openid_connect_callback           GET    -             404    404      404    404    404      404     404   404     404   404
openid_connect_callback           POST   -             404    404      404    404    404      404     404   404     404   404
lock                              POST   -             login  302      302    302    302      302     302   302     302   302
unlock                            POST   -             login  423      423    423    423      423     423   423     423   423
unlock_passkey                    GET    -             login  200      200    200    200      200     200   200     200   200
unlock_passkey                    POST   -             login  423      423    423    423      423     423   423     423   423
switch_user                       POST   -             login  302      302    302    302      302     302   302     302   302
set_language                      GET    -             302    302      302    302    302      302     302   302     302   302
set_language                      POST   -             302    302      302    302    302      302     302   302     302   302
api:openapi-json                  GET    -             200    200      200    200    200      200     200   200     200   200
api:openapi-json                  POST   -             200    200      200    200    200      200     200   200     200   200
api:telephony_events              POST   -             401    401      401    401    401      401     401   401     401   401
api:help_messages                 POST   -             401    401      401    401    401      401     401   401     401   401
api:alarm_signals                 POST   -             401    401      401    401    401      401     401   401     401   401
api:alarm_state                   GET    -             401    401      401    401    401      401     401   401     401   401
fhir:metadata                     GET    -             200    200      200    200    200      200     200   200     200   200
fhir:search                       GET    -             401    401      401    401    401      401     401   401     401   401
fhir:search                       POST   -             405    405      405    405    405      405     405   405     405   405
fhir:post_search                  GET    -             405    405      405    405    405      405     405   405     405   405
fhir:post_search                  POST   -             401    401      401    401    401      401     401   401     401   401
fhir:read                         GET    -             401    401      401    401    401      401     401   401     401   401
fhir:read                         POST   -             405    405      405    405    405      405     405   405     405   405
fhir:root                         GET    -             401    401      401    401    401      401     401   401     401   401
fhir:other                        GET    -             401    401      401    401    401      401     401   401     401   401
fhir:other                        POST   -             401    401      401    401    401      401     401   401     401   401
api:api-root                      GET    -             404    404      404    404    404      404     404   404     404   404
api:api-root                      POST   -             404    404      404    404    404      404     404   404     404   404
sentral:desk                      GET    -             login  200      200    200    404      404     404   404     200   404
sentral:heartbeat                 POST   -             login  204      204    204    404      404     404   404     204   404
sentral:answer                    POST   -             login  302      302    302    404      404     404   404     404   404
sentral:take_callback             POST   -             login  302      302    302    404      404     404   404     404   404
sentral:drop_callback             POST   -             login  302      302    302    404      404     404   404     404   404
sentral:new_contact               POST   -             login  302      302    302    404      404     404   404     302   404
sentral:contact                   GET    -             login  200      200    200    reason   404     404   404     404   404
sentral:contact                   GET    contact=old   login  reason   reason reason reason   404     404   404     404   404
sentral:take_alarm                POST   -             login  302      302    302    404      404     404   404     404   404
sentral:take_over                 POST   -             login  302      302    302    404      404     404   404     404   404
sentral:release                   POST   -             login  200      200    200    404      404     404   404     404   404
sentral:news                      GET    -             login  200      200    200    404      404     404   404     404   404
sentral:save_field                POST   -             login  204      204    204    404      404     404   404     404   404
sentral:patient_search            POST   -             login  200      200    200    404      404     404   404     404   404
sentral:choose_patient            POST   -             login  404      404    404    404      404     404   404     404   404
sentral:new_patient               POST   -             login  200      200    200    404      404     404   404     404   404
sentral:identify                  POST   -             login  200      200    200    404      404     404   404     404   404
sentral:save_patient              POST   -             login  302      302    302    404      404     404   404     404   404
sentral:complaint_search          POST   -             login  200      200    200    404      404     404   404     404   404
sentral:complaint                 GET    -             login  404      404    404    404      404     404   404     404   404
sentral:assess                    POST   -             login  302      302    302    404      404     404   404     404   404
sentral:vitals                    POST   -             login  302      302    302    404      404     404   404     404   404
sentral:amk_called                POST   -             login  200      200    200    404      404     404   404     404   404
sentral:amk_acknowledge           POST   -             login  200      200    200    404      404     404   404     404   404
sentral:amk_not_needed            POST   -             login  200      200    200    404      404     404   404     404   404
sentral:add_outcome               POST   -             login  404      404    404    404      404     404   404     404   404
sentral:settle_outcome            POST   -             login  302      302    302    404      404     404   404     404   404
sentral:cancel_outcome            POST   -             login  200      200    200    404      404     404   404     404   404
sentral:callback_attempt          POST   -             login  404      404    404    404      404     404   404     404   404
sentral:ask_doctor                POST   -             login  200      200    200    404      404     404   404     404   404
sentral:interpreter               POST   -             login  200      200    200    404      404     404   404     404   404
sentral:interpreter_result        POST   -             login  200      200    200    404      404     404   404     404   404
sentral:second_look               POST   -             login  302      302    302    404      404     404   404     404   404
sentral:reason_search             POST   -             login  200      200    200    404      404     404   404     404   404
sentral:set_reason                POST   -             login  200      200    200    404      404     404   404     404   404
sentral:consent                   POST   -             login  302      302    302    404      404     404   404     404   404
sentral:claim_line                POST   -             login  200      200    200    404      404     404   404     404   404
sentral:close                     POST   -             login  200      200    200    404      404     404   404     404   404
sentral:reopen                    POST   -             login  200      200    200    404      404     404   404     404   404
sentral:indices                   GET    -             login  200      200    200    200      404     200   404     200   404
sentral:install_index             POST   -             login  404      404    404    200      404     200   404     404   404
sentral:index_version             GET    -             login  200      200    200    200      404     200   404     404   404
sentral:index_file                GET    -             login  404      404    404    200      404     200   404     404   404
sentral:decide_index              POST   -             login  404      404    404    404      404     404   404     404   404
sentral:board                     GET    -             login  200      200    200    404      404     404   404     200   404
sentral:handover                  GET    -             login  200      200    200    404      404     404   404     200   404
sentral:reachable                 POST   -             login  404      404    302    404      404     404   404     404   404
sentral:doctor                    GET    -             login  404      200    404    404      404     404   404     404   404
sentral:question                  GET    -             login  404      200    404    404      404     404   404     404   404
sentral:answer_question           POST   -             login  404      200    404    404      404     404   404     404   404
sentral:approval                  GET    -             login  404      200    404    404      404     404   404     404   404
sentral:say_reachable             POST   -             login  404      404    404    404      404     404   404     404   404
sentral:decide_approval           POST   -             login  404      200    404    404      404     404   404     404   404
sentral:numbers                   GET    -             login  200      200    200    200      200     200   200     200   200
sentral:reviews                   GET    -             login  404      200    200    200      404     404   404     404   404
sentral:draw_reviews              POST   -             login  404      404    404    200      404     404   404     404   404
sentral:my_reviews                GET    -             login  200      200    200    404      404     404   404     200   404
sentral:read_review               POST   -             login  404      404    404    404      404     404   404     404   404
sentral:review                    GET    -             login  404      200    200    200      404     404   404     404   404
sentral:score_review              POST   -             login  404      200    200    200      404     404   404     404   404
sentral:review_feedback           POST   -             login  404      200    200    200      404     404   404     404   404
sentral:sound                     GET    -             login  200      200    200    200      404     404   404     200   404
sentral:recording                 GET    -             login  404      404    200    200      404     404   404     404   404
sentral:listen                    POST   -             login  404      404    200    200      404     404   404     404   404
sentral:hold_recording            POST   -             login  404      404    404    200      404     404   404     404   404
sentral:settings                  GET    -             login  404      404    404    200      404     200   404     404   404
sentral:setting                   GET    -             login  404      404    404    200      404     200   404     404   404
sentral:change_setting            POST   -             login  404      404    404    200      404     200   404     404   404
sentral:notes                     GET    -             login  200      200    200    200      404     404   404     200   404
sentral:send_note_again           POST   -             login  302      302    302    404      404     404   404     404   404
sentral:note_handed_over          POST   -             login  200      200    200    404      404     404   404     404   404
sentral:back_entry                GET    -             login  200      200    200    404      404     404   404     200   404
sentral:issue_forms               POST   -             login  200      200    200    404      404     404   404     200   404
sentral:forms_pdf                 GET    -             login  200      200    200    404      404     404   404     404   404
sentral:enter_form                GET    -             login  200      200    200    404      404     404   404     404   404
sentral:enter_form                POST   -             login  200      200    200    404      404     404   404     404   404
sentral:void_form                 POST   -             login  200      200    200    404      404     404   404     404   404
station:back_entry                GET    -             login  200      200    200    404      404     404   404     404   200
station:issue_forms               POST   -             login  200      200    200    404      404     404   404     404   200
station:forms_pdf                 GET    print=door_print login  200      200    200    404      404     404   404     404   200
station:enter_form                GET    form=door_form login  200      200    200    404      404     404   404     404   200
station:enter_form                POST   form=door_form login  200      200    200    404      404     404   404     404   200
station:void_form                 POST   form=door_form login  200      200    200    404      404     404   404     404   200
sentral:claims                    GET    -             login  404      404    404    200      404     404   404     404   404
sentral:claim_file                POST   -             login  404      404    404    200      404     404   404     404   404
sentral:reason                    GET    -             login  200      200    200    200      200     200   200     200   200
sentral:reason                    POST   -             login  200      200    200    200      200     200   200     200   200
sentral:log                       GET    -             login  404      404    404    200      200     404   200     404   404
sentral:log_csv                   GET    -             login  404      404    404    200      200     404   200     404   404
sentral:openings                  GET    -             login  404      404    404    200      200     404   200     404   404
sentral:control_opening           POST   -             login  404      404    404    302      302     404   302     404   404
sentral:patient_log               GET    -             login  404      404    404    200      200     404   200     404   404
sentral:patient_log_csv           GET    -             login  404      404    404    200      200     404   200     404   404
sentral:api_clients               GET    -             login  404      404    404    404      404     200   404     404   404
sentral:api_clients               POST   -             login  404      404    404    404      404     200   404     404   404
sentral:api_client                GET    -             login  404      404    404    404      404     200   404     404   404
sentral:api_client                POST   -             login  404      404    404    404      404     200   404     404   404
sentral:end_api_client            POST   -             login  404      404    404    404      404     302   404     404   404
sentral:choose_home               POST   -             login  404      404    404    404      404     404   404     404   404
sentral:tell_home                 POST   -             login  200      200    200    404      404     404   404     404   404
sentral:homes                     GET    -             login  404      404    404    200      404     200   404     404   404
sentral:homes                     POST   -             login  404      404    404    200      404     200   404     404   404
sentral:home                      GET    -             login  404      404    404    200      404     200   404     404   404
sentral:home                      POST   -             login  404      404    404    200      404     200   404     404   404
sentral:add_home_hours            POST   -             login  404      404    404    200      404     200   404     404   404
sentral:end_home_hours            POST   -             login  404      404    404    302      404     302   404     404   404
sentral:people                    GET    -             login  404      404    404    404      404     200   404     404   404
sentral:new_person                GET    -             login  404      404    404    404      404     200   404     404   404
sentral:new_person                POST   -             login  404      404    404    404      404     200   404     404   404
sentral:person                    GET    -             login  404      404    404    404      404     200   404     404   404
sentral:person                    POST   -             login  404      404    404    404      404     200   404     404   404
sentral:give_role                 POST   -             login  404      404    404    404      404     200   404     404   404
sentral:end_role                  POST   -             login  404      404    404    404      404     302   404     404   404
sentral:give_qualification        POST   -             login  404      404    404    404      404     200   404     404   404
sentral:end_qualification         POST   -             login  404      404    404    404      404     302   404     404   404
sentral:reset_second_factor       POST   -             login  404      404    404    404      404     302   404     404   404
sentral:end_sessions              POST   -             login  404      404    404    404      404     302   404     404   404
sentral:make_link                 POST   -             login  404      404    404    404      404     200   404     404   404
staffing:people                   GET    -             login  404      404    200    200      404     200   404     404   404
staffing:me                       GET    -             login  200      200    200    200      200     200   404     200   200
staffing:me                       POST   -             login  404      404    404    404      404     404   404     404   404
staffing:competence_rules         GET    -             login  200      200    200    200      200     200   404     200   200
staffing:people_import            GET    -             login  404      404    404    200      404     200   404     404   404
staffing:people_import            POST   -             login  404      404    404    200      404     200   404     404   404
staffing:vikarer                  GET    -             login  404      404    404    200      200     200   404     404   404
staffing:vikarer                  POST   -             login  404      404    404    404      404     404   404     404   404
staffing:courses                  GET    -             login  200      200    200    200      404     200   404     200   200
staffing:courses                  POST   -             login  404      404    404    200      404     200   404     404   404
staffing:course                   GET    -             login  200      200    200    200      404     200   404     404   200
staffing:course                   POST   -             login  404      404    404    404      404     404   404     404   404
staffing:person                   GET    -             login  404      404    404    404      404     404   404     404   404
staffing:person                   GET    user=colleague login  404      404    404    200      404     200   404     404   404
staffing:person                   POST   user=colleague login  404      404    404    404      404     404   404     404   404
staffing:certificate              GET    -             login  404      404    404    200      404     200   404     404   404
sentral:help                      GET    -             login  404      404    200    200      404     404   404     404   404
sentral:help_new_partner          POST   -             login  404      404    404    200      404     404   404     404   404
sentral:help_partner              GET    -             login  404      404    200    200      404     404   404     404   404
sentral:help_routes               POST   -             login  404      404    302    302      404     404   404     404   404
sentral:help_propose              POST   -             login  404      404    404    200      404     404   404     404   404
sentral:help_ask                  POST   -             login  404      404    200    200      404     404   404     404   404
sentral:help_take_over            POST   -             login  404      404    200    200      404     404   404     404   404
sentral:help_drill                POST   -             login  404      404    200    200      404     404   404     404   404
sentral:help_want_back            POST   -             login  404      404    200    200      404     404   404     404   404
sentral:help_accept               POST   -             login  404      404    404    200      404     404   404     404   404
sentral:help_end                  POST   -             login  404      404    404    302      404     404   404     404   404
sentral:help_takeover             GET    -             login  200      200    200    200      404     404   404     404   404
sentral:help_latest               GET    -             login  302      302    302    302      404     404   404     404   404
sentral:help_give_back            POST   -             login  404      404    302    302      404     404   404     404   404
sentral:help_close                POST   -             login  404      404    200    200      404     404   404     404   404
sentral:help_told                 POST   -             login  404      404    200    200      404     404   404     404   404
sentral:help_drill_done           POST   -             login  302      302    302    404      404     404   404     404   404
staffing:rotas                    GET    -             login  200      200    200    200      200     200   404     200   200
staffing:new_rota                 GET    -             login  404      404    404    200      404     200   404     404   404
staffing:new_rota                 POST   -             login  404      404    404    200      404     200   404     404   404
staffing:rota_patterns            GET    -             login  404      404    404    200      404     200   404     404   404
staffing:rota_patterns            POST   -             login  404      404    404    200      404     200   404     404   404
staffing:end_rota_pattern         POST   -             login  404      404    404    302      404     302   404     404   404
staffing:wishes                   GET    -             login  200      200    200    200      200     200   404     200   200
staffing:wishes                   POST   -             login  200      200    200    200      200     200   404     200   200
staffing:take_back_wish           POST   -             login  404      404    404    404      404     404   404     404   404
staffing:my_duties                GET    -             login  200      200    200    200      200     200   404     200   200
staffing:answer_swap              POST   -             login  404      404    404    404      404     404   404     404   404
staffing:rota_vacancy             GET    -             login  404      404    200    200      404     200   404     404   404
staffing:rota_vacancy             POST   -             login  404      404    200    200      404     200   404     404   404
staffing:vacancy_pay              POST   -             login  404      404    200    200      404     200   404     404   404
staffing:vacancy_year             GET    -             login  404      404    200    200      200     200   404     404   404
staffing:answer_offer             GET    -             200    200      200    200    200      200     200   200     200   200
staffing:answer_offer             POST   -             302    302      302    302    302      302     302   302     302   302
staffing:rota_place               GET    -             login  200      200    200    200      200     200   404     404   200
staffing:rota_place               GET    place=draft_place login  404      404    404    200      404     200   404     404   404
staffing:rota_place               POST   -             login  404      404    404    200      404     200   404     404   404
staffing:say_sick                 POST   -             login  404      404    200    200      404     200   404     404   404
staffing:seek_person              POST   -             login  404      404    200    200      404     200   404     404   404
staffing:ask_swap                 POST   -             login  404      404    404    404      404     404   404     404   404
staffing:stop_run                 POST   -             login  404      404    404    302      404     302   404     404   404
staffing:take_run                 POST   -             login  404      404    404    200      404     200   404     404   404
staffing:rota                     GET    -             login  200      200    200    200      200     200   404     404   200
staffing:rota                     GET    rota=draft    login  404      404    404    200      404     200   404     404   404
staffing:rota_judge               POST   -             login  404      404    404    404      404     404   404     404   404
staffing:rota_undo                POST   -             login  404      404    404    200      404     200   404     404   404
staffing:rota_publish             POST   rota=draft    login  404      404    404    200      404     200   404     404   404
staffing:rota_drop                POST   rota=draft    login  404      404    404    302      404     302   404     404   404
staffing:rota_history             GET    -             login  200      200    200    200      200     200   404     404   200
staffing:rota_person              GET    -             login  200      200    200    200      200     200   404     404   200
staffing:rota_away                GET    -             login  404      404    200    200      404     200   404     404   404
staffing:rota_away                POST   -             login  404      404    200    200      404     200   404     404   404
staffing:rota_away                GET    rota=draft    login  404      404    404    404      404     404   404     404   404
staffing:rota_pdf                 GET    -             login  200      200    200    200      200     200   404     404   200
staffing:rota_sheet               GET    -             login  404      404    404    200      404     200   404     404   404
staffing:rota_sheet               GET    rota=draft    login  404      404    404    200      404     200   404     404   404
staffing:rota_sheet               POST   -             login  404      404    404    200      404     200   404     404   404
staffing:rota_xlsx                GET    -             login  200      200    200    200      200     200   404     404   200
staffing:rota_xlsx                GET    rota=draft    login  404      404    404    200      404     200   404     404   404
staffing:rota_csv                 GET    -             login  200      200    200    200      200     200   404     404   200
staffing:rota_csv                 GET    rota=draft    login  404      404    404    200      404     200   404     404   404
staffing:rota_runs                GET    rota=draft    login  404      404    404    200      404     200   404     404   404
staffing:rota_runs                POST   rota=draft    login  404      404    404    302      404     302   404     404   404
staffing:compare_proposals        GET    rota=draft    login  404      404    404    404      404     404   404     404   404
staffing:load                     GET    -             login  200      200    200    200      200     200   404     200   200
staffing:ahead                    GET    -             login  404      404    404    200      200     200   404     404   404
staffing:born_years               POST   -             login  404      404    404    302      404     302   404     404   404
staffing:pay                      GET    -             login  404      200    404    200      200     200   404     404   404
staffing:comparisons              GET    -             login  404      404    404    200      200     200   404     404   404
staffing:new_comparison           GET    -             login  404      404    404    200      200     200   404     404   404
staffing:new_comparison           POST   -             login  404      404    404    200      200     200   404     404   404
staffing:comparison               GET    -             login  404      404    404    200      200     200   404     404   404
staffing:comparison_pdf           GET    -             login  404      404    404    200      200     200   404     404   404
staffing:stop_comparison          POST   -             login  404      404    404    302      302     302   404     404   404
staffing:share_comparison         POST   -             login  404      404    404    302      302     302   404     404   404
staffing:drop_comparison          POST   -             login  404      404    404    302      302     302   404     404   404
planning:demand                   GET    -             login  404      404    404    200      200     200   404     404   404
planning:demand_again             POST   -             login  404      404    404    302      302     302   404     404   404
planning:operators                GET    -             login  404      404    404    200      200     200   404     404   404
planning:hand_over                POST   -             login  404      404    404    200      404     200   404     404   404
planning:end_need                 POST   -             login  404      404    404    200      404     200   404     404   404
staffing:who                      GET    -             login  200      200    200    200      200     200   404     200   200
staffing:correct_phone            POST   -             login  302      404    302    302      404     302   404     404   404
staffing:duty_lines               GET    -             login  404      404    200    200      404     200   404     404   404
staffing:duty_lines               POST   -             login  404      404    200    200      404     200   404     404   404
staffing:who_wall                 GET    -             login  200      200    200    200      200     200   404     200   200
staffing:phone_list               GET    -             login  200      200    200    200      200     200   404     200   200
staffing:phone_pdf                GET    -             login  200      200    200    200      200     200   404     200   200
staffing:standins                 GET    -             login  200      200    200    200      200     200   404     200   200
staffing:standins                 POST   -             login  404      404    404    404      404     404   404     404   404
staffing:nodnett                  GET    -             login  200      200    200    200      200     200   404     200   200
staffing:nodnett                  POST   -             login  404      404    404    404      404     404   404     404   404
staffing:nodnett_day              POST   -             login  404      404    200    200      404     200   404     404   404
staffing:feeds                    GET    -             login  200      200    200    200      200     200   404     200   200
staffing:feeds                    POST   -             login  404      404    404    404      404     404   404     404   404
staffing:feed                     GET    -             404    404      404    404    404      404     404   404     404   404
staffing:feed                     GET    secret=open   200    200      200    200    200      200     200   200     200   200
planning:travel                   GET    -             login  404      404    404    200      200     200   404     404   404
planning:travel_outlines          GET    -             login  404      404    404    404      404     404   404     404   404
planning:travel_outlines          GET    mark=demo     login  404      404    404    200      200     200   404     404   404
planning:travel_plan              GET    -             login  404      404    404    200      200     200   404     404   404
planning:travel_best              GET    -             login  404      404    404    200      200     200   404     404   404
planning:measures                 GET    -             login  404      404    404    200      200     200   404     404   404
planning:measures                 POST   -             login  404      404    404    200      200     200   404     404   404
planning:measure                  GET    -             login  404      404    404    200      200     200   404     404   404
planning:measure                  POST   -             login  404      404    404    200      200     200   404     404   404
planning:studies                  GET    -             login  404      404    404    200      200     200   404     404   404
planning:new_study                GET    -             login  404      404    404    200      404     200   404     404   404
planning:new_study                POST   -             login  404      404    404    200      404     200   404     404   404
planning:three_ways               POST   -             login  404      404    404    200      404     200   404     404   404
planning:study                    GET    -             login  404      404    404    200      200     200   404     404   404
planning:study_pdf                GET    -             login  404      404    404    200      200     200   404     404   404
planning:study_report             GET    -             login  404      404    404    200      200     200   404     404   404
planning:replay                   GET    -             login  404      404    404    200      200     200   404     404   404
planning:run_study                POST   -             login  404      404    404    200      404     200   404     404   404
planning:stop_study               POST   -             login  404      404    404    302      404     302   404     404   404
planning:copy_study               POST   -             login  404      404    404    302      404     302   404     404   404
planning:drop_study               POST   -             login  404      404    404    302      404     302   404     404   404
planning:add_scenario             POST   -             login  404      404    404    200      404     200   404     404   404
planning:scenario                 GET    -             login  404      404    404    200      200     200   404     404   404
planning:scenario                 POST   -             login  404      404    404    200      200     200   404     404   404
planning:scenario_toml            GET    -             login  404      404    404    200      200     200   404     404   404
planning:remove_scenario          POST   -             login  404      404    404    200      404     200   404     404   404
"""

USUAL = {
    "page": "index.html",
    "uid": "MQ",
    "token": "x-y",
    "provider_id": "helseid",
    "complaint_id": "feber",
    "key": "amk.alarm_s",
    "alarm_id": "a1",
    "year": 2026,
    "subject": "contact",
    "station_code": "varden",
    "kind": "Patient",
    "resource_id": "1",
    "rest": "x/y/z",
    "secret": "unknown",
    "mark": "unknown",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    view: str
    method: str
    given: str
    answers: tuple[str, ...]

    def __str__(self):
        cells = " ".join(
            f"{answer:<{len(name)}}"
            for name, answer in zip(PEOPLE, self.answers, strict=True)
        )
        return f"{self.view:<33} {self.method:<6} {self.given:<13} {cells}".rstrip()


@cache
def table():
    rows = []
    for line in TABLE.strip().splitlines():
        if line.strip() and not line.startswith("#"):
            view, method, given, *answers = line.split()
            rows.append(Row(view, method, given, tuple(answers)))
    return rows


@cache
def addresses():
    """Every view by name, with the names of what its address needs."""
    return dict(_walk(get_resolver().url_patterns, ""))


def _walk(patterns, space):
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{one.namespace}:" if one.namespace else ""
            yield from _walk(one.url_patterns, space + inner)
        else:
            name = space + (one.name or f"(no name) {one.pattern}")
            yield name, tuple(one.pattern.converters)


def test_every_view_has_a_row_and_every_row_a_view():
    in_table = {row.view for row in table()}
    missing = sorted(set(addresses()) - in_table)
    gone = sorted(in_table - set(addresses()))
    assert (missing, gone) == ([], [])


def test_the_rows_are_whole_and_stand_once():
    rows = table()
    assert {len(row.answers) for row in rows} == {len(PEOPLE)}
    keys = [(row.view, row.method, row.given) for row in rows]
    assert len(keys) == len(set(keys))


@pytest.mark.django_db
def test_everybody_gets_the_answers_of_the_table(settings, tmp_path, caplog):
    caplog.set_level("CRITICAL", "django.request")  # each 404 would be a line
    settings.HANDBOOK = tmp_path
    (tmp_path / "index.html").write_text("<h1>Håndbok</h1>")
    things = world()
    clients = {name: log_in(name) for name in PEOPLE}
    wrong = []
    for row in table():
        actual = tuple(answer(clients[name], row, things) for name in PEOPLE)
        if actual != row.answers:
            wrong.append(f"table:   {row}")
            wrong.append(f"program: {Row(row.view, row.method, row.given, actual)}")
    assert not wrong, "\n" + "\n".join(wrong)


def answer(client, row, things):
    """What a person gets. What the request changed is undone."""
    names = dict(part.split("=") for part in row.given.split(",") if part != "-")
    path = reverse(
        row.view,
        kwargs={
            need: things.get(
                names.get(need.removesuffix("_id"), need.removesuffix("_id"))
            )
            or USUAL[need]
            for need in addresses()[row.view]
        },
    )
    before = client.cookies.copy()
    with transaction.atomic():
        got = client.generic(row.method, path)
        if got.streaming:
            b"".join(got.streaming_content)  # and so it is closed
        transaction.set_rollback(True)
    client.cookies = before
    place = got.headers.get("Location", "")
    if place.startswith("/konto/login/?next="):
        return "login"
    return "reason" if place.startswith("/sentral/grunn/") else str(got.status_code)


def log_in(name):
    roles = {
        "leader": "shift_leader",
        "overlege": "legevaktoverlege",
        "kommune": "kommuneoverlege",
        "admin": "administrator",
        "other": "operator",
    }
    places = {
        "doctor": make.station,
        "nurse": make.station,
        "kommune": make.district,
        "other": lambda: make.sentral("BOD", of=make.district("ytre", "Ytre distrikt")),
    }
    client = Client(raise_request_exception=False)
    if name != "nobody":
        person = make.user(
            name, roles=[roles.get(name, name)], at=places.get(name, make.sentral)()
        )
        client.force_login(person)
    return client


def world():
    """One of each thing, by the name that addresses have for it."""
    make.settings()
    now = timezone.now()
    sentral = make.sentral()
    scoped = {"district": sentral.host_district}
    maker = make.operator("maker")
    patient = make.patient()
    contact = make.contact(patient=patient, opened_at=now)
    old = make.contact(
        patient=make.patient(),
        state="closed",
        opened_at=now - timedelta(days=300),
        closed_at=now - timedelta(days=300),
    )
    call = make.call(ringing_at=now)
    recording = Recording.objects.create(
        call=make.call(ringing_at=now), reference="x", recorded_on=now, **scoped
    )
    opening = RecordOpening.objects.create(
        user=maker, patient=patient, reason="x", at=now, until=now, **scoped
    )
    fastlege = make.fastlege()
    bed = make.bed(at=make.station())
    Catchment.objects.create(
        municipality=make.municipality(), station=bed.station, valid_from=now
    )
    home = make.nursing_home(hours=[(0, time(9), time(15))])
    stay = BedStay.objects.create(
        contact=contact,
        sentral=sentral,
        station=bed.station,
        kind="kad",
        admitted_at=now,
        recorded_at=now,
        admitted_by=maker,
        doctor=maker,
        **scoped,
    )
    BedPlacement.objects.create(
        stay=stay,
        bed=make.bed("KAD 2", at=bed.station),
        begins_at=now,
        by=maker,
        recorded_at=now,
        **scoped,
    )
    clinical_note = ClinicalNote.objects.create(
        contact=contact, station=make.station(), author=maker, state="waiting", version=1,
        started_at=now, saved_at=now, signed_at=now, **scoped,
    )  # fmt: skip
    station = make.station()
    incident = {
        "station": station, "kind": "threat", "where": "counter", "raised_by": maker,
        "occurred_at": now, "recorded_at": now, **scoped,
    }  # fmt: skip
    checklist = Checklist.objects.create(
        station=station, kind="room", name="x", source="x", placed_by=maker,
        placed_at=now, **scoped,
    )  # fmt: skip
    ChecklistInterval.objects.create(
        checklist=checklist, every_days=7, valid_from=now, by=maker, at=now, **scoped
    )
    station = make.station()
    car = Vehicle.objects.create(station=station, call_sign="L-1")

    def mission_of(contact, **fields):
        task = Outcome.objects.create(
            contact=contact,
            kind="home_visit",
            created_at=now,
            created_by=maker,
            **scoped,
        )
        return Mission.objects.create(
            contact=contact, sentral=sentral, station=station, outcome=task,
            kind="home_visit", opened_at=now, recorded_at=now, opened_by=maker,
            **scoped, **fields,
        )  # fmt: skip

    mission = mission_of(contact)
    lone_alarm = LoneAlarm.objects.create(
        mission=mission, sentral=sentral, last_sign_at=now, due_at=now, raised_at=now,
        **scoped,
    )  # fmt: skip
    papers = [
        paper_forms.issue(sentral=sentral, station=place, count=1, by=maker, at=now)
        for place in (None, bed.station)
    ]
    partner = Partner.objects.create(
        sentral=sentral, code="BOD", name="Bodø", address="http://127.0.0.1:1",
        made_at=now, made_by=maker,
    )  # fmt: skip
    agreement = HelpAgreement.objects.create(
        partner=partner,
        terms={"text": "x", "lines": {}},
        terms_hash="x",
        valid_from=now,
    )
    takeover = HelpTakeover.objects.create(
        partner=partner, name=uuid4(), side="helper", stage="active", is_drill=True,
        began_at=now,
    )  # fmt: skip
    made = {
        "print": papers[0],
        "form": papers[0].forms.get(),
        "door_print": papers[1],
        "door_form": papers[1].forms.get(),
        "vehicle": car,
        "mission": mission,
        "old_mission": mission_of(old, ended_at=old.closed_at, result="treated"),
        "visit": Outcome.objects.create(
            contact=contact, kind="call_out", created_at=now, created_by=maker, **scoped
        ),
        "press": MissionPress.objects.create(
            mission=mission, key=uuid4(), what="left", occurred_at=now, recorded_at=now,
            by=maker, **scoped,
        ),
        "lone_alarm": lone_alarm,
        "step": LoneStep.objects.create(
            alarm=lone_alarm, step="ring_crew", reached_at=now, recorded_at=now, **scoped
        ),
        "contact": contact,
        "attendance": make.attendance(
            make.contact(patient=make.patient(), opened_at=now), arrived_at=now
        ),
        "old": old,
        "patient": patient,
        "call": call,
        "recording": recording,
        "opening": opening,
        "user": maker,
        "grant": maker.grants.get(),
        "callback": CallBack.objects.create(
            sentral=sentral, kind="missed", call=call, contact=contact, created_at=now,
            due_at=now, **scoped,
        ),
        "outcome": Outcome.objects.create(
            contact=contact, kind="advice", created_at=now, created_by=maker, **scoped
        ),
        "request": InterpreterRequest.objects.create(
            contact=contact, language="so", requested_at=now, by=maker, **scoped
        ),
        "review": Review.objects.create(
            contact=contact, sentral=sentral, why="random", drawn_at=now, **scoped
        ),
        "note": FastlegeNote.objects.create(
            contact=contact, fastlege=fastlege, text="x", state="failed", queued_at=now,
            **scoped,
        ),
        "version": IndexVersion.objects.create(
            index_id="x", version="1", title="x", text=starter_index_text(), sha256="x",
            filename=STARTER_INDEX_FILE, installed_at=now, **scoped,
        ),
        "clinical_note": clinical_note,
        "epikrise": FastlegeNote.objects.create(
            contact=contact, kind="epikrise", clinical_note=clinical_note,
            fastlege=fastlege, text="x", state="failed", queued_at=now, **scoped,
        ),
        "phrase": Phrase.objects.create(
            station=make.station(), key="x", text="x", made_by=maker, made_at=now
        ),
        "qualification": Qualification.objects.create(
            user=maker, kind="lis1", valid_from=make.LONG_AGO
        ),
        "client": fhir.api_client(sentral.host_district),
        "duty": make.duty(maker, at=sentral, starts_at=now - timedelta(hours=1)),
        "question": DoctorQuestion.objects.create(
            contact=contact, asked_by=maker, question="x", asked_at=now, **scoped
        ),
        "incident": SafetyIncident.objects.create(is_alarm=True, **incident),
        "over": SafetyIncident.objects.create(
            is_alarm=False, ended_at=now, ended_by=maker, end="safe", **incident
        ),
        "checklist": checklist,
        "lack": EquipmentLack.objects.create(
            item=ChecklistItem.objects.create(
                checklist=checklist, name="x", position=1, **scoped
            ),
            missing=1, noted_by=maker, noted_at=now, **scoped,
        ),
        "approval": Approval.objects.create(contact=old, created_at=now, **scoped),
        "bed": bed,
        "home": home,
        "hours": home.hours.get(),
        "stay": stay,
        "partner": partner,
        "agreement": agreement,
        "takeover": takeover,
        "item": HelpItem.objects.create(
            takeover=takeover, key="drill:1", seen_at=now, since=now, **scoped
        ),
        "pk": Authenticator.objects.create(
            user=maker, type="webauthn", data={"name": "x"}
        ),
    }  # fmt: skip
    here = make.attendance(by=maker)
    colleague = make.user("colleague", roles=["doctor"], at=station)
    document = CompetenceDocument.objects.create(
        person=colleague,
        kind="nodnett",
        first_on=now,
        recorded_by=maker,
        recorded_at=now,
    )
    Certificate.objects.create(
        document=document, content_type="application/pdf", size=1, sha256="x",
        content=b"%PDF-", uploaded_by=maker, uploaded_at=now,
    )  # fmt: skip
    made |= {
        "colleague": colleague,
        "document": document,
        "course": Course.objects.create(
            station=station, kind="nodnett", title="x", starts_at=now, seats=1,
            ends_at=now + timedelta(hours=1), made_by=maker, made_at=now,
        ),
        "attendance": here,
        "order": Order.objects.create(
            attendance=here, test="crp", ordered_at=now, ordered_by=maker, **scoped
        ),
        "conflict": Conflict.objects.create(
            contact=here.contact, sentral=sentral, station=here.station,
            need="red_patient", need_key="attendance:0", needed_at=now, found_at=now,
            recorded_at=now, **scoped,
        ),
    }  # fmt: skip
    made["measure"] = CompensatingMeasure.objects.create(
        district=station.district, municipality=make.municipality(), place="x",
        kind="car", responsible="x", due_on=now, people=1, made_by=maker, made_at=now,
        changed_by=maker, changed_at=now,
    )  # fmt: skip
    made["day"] = NodnettDay.objects.create(
        station=station, on=now, starts_at=now, changed_at=now,
        ends_at=now + timedelta(hours=1),
    )  # fmt: skip
    ids = {name: thing.pk for name, thing in made.items()}
    ids["need"] = OperatorNeed.objects.create(
        sentral=sentral, valid_from=now, operators=[2] * 336, handed_by=maker,
        met={"answered_within": 0.9, "abandoned": 0.01}, assumed={"numbers": []},
        handed_at=now,
    ).pk  # fmt: skip
    ids["demo"] = "demo"
    ids["open"] = make_feed(place=None, by=maker, at=now)
    ids |= {"row": contact.pk, "code": "BOD"}
    return ids | rota.one_of_each(now) | make_studies.one_of_each()
