"""The addresses of the sentral's room."""

from django.urls import path

from varde.apps.sentral.views import (
    closing,
    desk,
    indices,
    numbers,
    outcomes,
    patient,
    review,
    settings,
    sound,
    triage,
)


app_name = "sentral"

K = "kontakt/<int:contact_id>/"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("livstegn/", desk.heartbeat, name="heartbeat"),
    path("anrop/<int:call_id>/svar/", desk.answer, name="answer"),
    path(
        "tilbakering/<int:callback_id>/ring/", desk.take_callback, name="take_callback"
    ),
    path("kontakt/ny/", desk.new_contact, name="new_contact"),
    path(K, desk.contact, name="contact"),
    path(K + "overta/", desk.take_over, name="take_over"),
    path(K + "legg-tilbake/", desk.release, name="release"),
    path(K + "nytt/", closing.news, name="news"),
    path(K + "felt/", patient.save_field, name="save_field"),
    path(K + "pasient/sok/", patient.patient_search, name="patient_search"),
    path(K + "pasient/", patient.choose_patient, name="choose_patient"),
    path(K + "pasient/ny/", patient.new_patient, name="new_patient"),
    path(K + "pasient/nummer/", patient.identify, name="identify"),
    path(K + "pasient/rett/", patient.save_patient, name="save_patient"),
    path(K + "indeks/sok/", triage.complaint_search, name="complaint_search"),
    path(K + "indeks/<slug:complaint_id>/", triage.complaint, name="complaint"),
    path(K + "hastegrad/", triage.assess, name="assess"),
    path(K + "vitale/", triage.vitals, name="vitals"),
    path(K + "113/ringt/", triage.amk_called, name="amk_called"),
    path(K + "113/kvittert/", triage.amk_acknowledge, name="amk_acknowledge"),
    path(K + "113/ikke-behov/", triage.amk_not_needed, name="amk_not_needed"),
    path(K + "tiltak/", outcomes.add_outcome, name="add_outcome"),
    path(
        K + "tiltak/<int:outcome_id>/ferdig/",
        outcomes.settle_outcome,
        name="settle_outcome",
    ),
    path(
        K + "tiltak/<int:outcome_id>/stryk/",
        outcomes.cancel_outcome,
        name="cancel_outcome",
    ),
    path(
        K + "tilbakering/<int:callback_id>/",
        outcomes.callback_attempt,
        name="callback_attempt",
    ),
    path(K + "lege/sporsmal/", outcomes.ask_doctor, name="ask_doctor"),
    path(K + "tolk/", outcomes.ask_interpreter, name="interpreter"),
    path(
        K + "tolk/<int:request_id>/",
        outcomes.interpreter_result,
        name="interpreter_result",
    ),
    path(K + "kollega/", outcomes.second_look, name="second_look"),
    path(K + "arsak/sok/", closing.reason_search, name="reason_search"),
    path(K + "arsak/", closing.set_reason, name="set_reason"),
    path(K + "samtykke/", closing.consent, name="consent"),
    path(K + "takst/", closing.claim_line, name="claim_line"),
    path(K + "avslutt/", closing.close, name="close"),
    path(K + "apne/", closing.reopen, name="reopen"),
    path("indeks/", indices.index_list, name="indices"),
    path("indeks/installer/", indices.install, name="install_index"),
    path("indeks/<int:version_id>/", indices.version, name="index_version"),
    path("indeks/<int:version_id>/fil/", indices.download, name="index_file"),
    path("indeks/<int:version_id>/avgjor/", indices.decide, name="decide_index"),
    path("tall/", numbers.numbers, name="numbers"),
    path("gjennomgang/", review.overview, name="reviews"),
    path("gjennomgang/trekk/", review.draw, name="draw_reviews"),
    path("gjennomgang/mine/", review.mine, name="my_reviews"),
    path("gjennomgang/mine/<int:review_id>/lest/", review.read, name="read_review"),
    path("gjennomgang/<int:review_id>/", review.review, name="review"),
    path("gjennomgang/<int:review_id>/vurder/", review.score, name="score_review"),
    path(
        "gjennomgang/<int:review_id>/tilbakemelding/",
        review.feedback,
        name="review_feedback",
    ),
    path("lyd/", sound.sound_log, name="sound"),
    path("lyd/<int:recording_id>/", sound.recording, name="recording"),
    path("lyd/<int:recording_id>/lytt/", sound.listen, name="listen"),
    path("lyd/<int:recording_id>/hold/", sound.hold, name="hold_recording"),
    path("innstillinger/", settings.settings, name="settings"),
    path("innstillinger/<str:key>/", settings.setting, name="setting"),
    path("innstillinger/<str:key>/ny/", settings.change, name="change_setting"),
]
