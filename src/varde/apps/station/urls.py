"""The addresses of the station's room."""

from django.urls import path

from varde.apps.station.views import board, note_lists, notes


app_name = "station"

urlpatterns = [
    path("", board.board, name="board"),
    path("kontakt/<int:contact_id>/notat/", notes.note, name="note"),
    path("kontakt/<int:contact_id>/notat/lagre/", notes.save_note, name="save_note"),
    path(
        "kontakt/<int:contact_id>/notat/frase/", notes.note_phrase, name="note_phrase"
    ),
    path(
        "kontakt/<int:contact_id>/notat/kode/sok/",
        notes.diagnosis_search,
        name="diagnosis_search",
    ),
    path("kontakt/<int:contact_id>/notat/kode/", notes.diagnosis, name="diagnosis"),
    path(
        "kontakt/<int:contact_id>/notat/samtykke/",
        notes.note_consent,
        name="note_consent",
    ),
    path("kontakt/<int:contact_id>/notat/signer/", notes.sign_note, name="sign_note"),
    path("kontakt/<int:contact_id>/notat/kast/", notes.drop_draft, name="drop_draft"),
    path(
        "notater/<int:clinical_note_id>/avgjor/", notes.decide_note, name="decide_note"
    ),
    path("notater/", note_lists.note_list, name="note_list"),
    path(
        "notater/epikrise/<int:epikrise_id>/pa-nytt/",
        note_lists.epikrise_again,
        name="epikrise_again",
    ),
    path(
        "notater/epikrise/<int:epikrise_id>/overlevert/",
        note_lists.epikrise_handed_over,
        name="epikrise_handed_over",
    ),
    path("notater/fraser/", note_lists.phrases, name="phrases"),
    path(
        "notater/fraser/<int:phrase_id>/fjern/",
        note_lists.remove_phrase,
        name="remove_phrase",
    ),
]
