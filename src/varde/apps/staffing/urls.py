"""The addresses of the staffing room: `/folk/` and `/vaktplan/`."""

from django.urls import URLPattern, path

from varde.apps.staffing.views import (
    ahead,
    comparisons,
    courses,
    feeds,
    load,
    nodnett,
    on_duty,
    pay,
    people,
    people_import,
    standins,
    vikarer,
)
from varde.apps.staffing.views.rota import (
    away,
    change,
    place,
    planner,
    rotas,
    runs,
    sheet,
    vacancies,
    wishes,
)


app_name = "staffing"

PEOPLE: list[URLPattern] = [
    path("folk/", people.people_list, name="people"),
    path("folk/meg/", people.me, name="me"),
    path("folk/regler/", people.rules, name="competence_rules"),
    path("folk/import/", people_import.people_import, name="people_import"),
    path("folk/vikarer/", vikarer.vikarer, name="vikarer"),
    path("folk/kurs/", courses.courses, name="courses"),
    path("folk/kurs/<int:course_id>/", courses.course, name="course"),
    path("folk/<int:user_id>/", people.person, name="person"),
    path(
        "folk/dokument/<int:document_id>/fil/", people.certificate, name="certificate"
    ),
]
ROTA: list[URLPattern] = [
    path("vaktplan/", rotas.rotas, name="rotas"),
    path("vaktplan/ny/", rotas.new_rota, name="new_rota"),
    path("vaktplan/monster/", rotas.patterns, name="rota_patterns"),
    path(
        "vaktplan/monster/<int:pattern_id>/slutt/",
        rotas.end_pattern,
        name="end_rota_pattern",
    ),
    path("vaktplan/onsker/", wishes.wishes, name="wishes"),
    path(
        "vaktplan/onsker/<int:wish_id>/ta-bort/",
        wishes.take_back,
        name="take_back_wish",
    ),
    path("vaktplan/mine/", change.mine, name="my_duties"),
    path("vaktplan/bytte/<int:swap_id>/", change.answer_swap, name="answer_swap"),
    path("vaktplan/ledige/", vacancies.vacancies, name="vacancy_year"),
    path(
        "vaktplan/ledig/<int:vacancy_id>/lonn/",
        change.choose_pay,
        name="vacancy_pay",
    ),
    path("vaktplan/ledig/<int:vacancy_id>/", change.vacancy, name="rota_vacancy"),
    path("vaktplan/svar/<slug:link>/", change.answer, name="answer_offer"),
    path("vaktplan/vakt/<int:place_id>/", place.place, name="rota_place"),
    path("vaktplan/vakt/<int:place_id>/syk/", place.sick, name="say_sick"),
    path("vaktplan/vakt/<int:place_id>/finn/", place.seek, name="seek_person"),
    path("vaktplan/vakt/<int:place_id>/bytt/", place.swap, name="ask_swap"),
    path("vaktplan/forslag/<int:run_id>/stopp/", runs.stop, name="stop_run"),
    path("vaktplan/forslag/<int:run_id>/ta/", runs.take, name="take_run"),
    path("vaktplan/<int:rota_id>/", planner.rota, name="rota"),
    path("vaktplan/<int:rota_id>/dom/", planner.judge, name="rota_judge"),
    path("vaktplan/<int:rota_id>/angre/", planner.undo, name="rota_undo"),
    path("vaktplan/<int:rota_id>/publiser/", planner.publish, name="rota_publish"),
    path("vaktplan/<int:rota_id>/kast/", planner.drop, name="rota_drop"),
    path("vaktplan/<int:rota_id>/historikk/", planner.history, name="rota_history"),
    path(
        "vaktplan/<int:rota_id>/hvem/<int:person_id>/",
        planner.person,
        name="rota_person",
    ),
    path("vaktplan/<int:rota_id>/borte/<int:person_id>/", away.away, name="rota_away"),
    path("vaktplan/<int:rota_id>.pdf", planner.pdf, name="rota_pdf"),
    path("vaktplan/<int:rota_id>/ark/", sheet.sheet, name="rota_sheet"),
    path("vaktplan/<int:rota_id>.xlsx", sheet.xlsx, name="rota_xlsx"),
    path("vaktplan/<int:rota_id>.csv", sheet.csv, name="rota_csv"),
    path("vaktplan/<int:rota_id>/forslag/", runs.runs, name="rota_runs"),
    path("vaktplan/<int:rota_id>/sammenlign/", runs.compare, name="compare_proposals"),
]
LOAD: list[URLPattern] = [
    path("vaktplan/belastning/", load.load, name="load"),
    path("vaktplan/framover/", ahead.ahead, name="ahead"),
    path("vaktplan/framover/fodselsar/", ahead.born_years, name="born_years"),
    path("vaktplan/lonn/", pay.pay, name="pay"),
]
MODELS: list[URLPattern] = [
    path("vaktplan/modeller/", comparisons.comparisons, name="comparisons"),
    path("vaktplan/modeller/ny/", comparisons.new_comparison, name="new_comparison"),
    path(
        "vaktplan/modeller/<int:comparison_id>/",
        comparisons.comparison,
        name="comparison",
    ),
    path(
        "vaktplan/modeller/<int:comparison_id>.pdf",
        comparisons.pdf,
        name="comparison_pdf",
    ),
    path(
        "vaktplan/modeller/<int:comparison_id>/stopp/",
        comparisons.stop,
        name="stop_comparison",
    ),
    path(
        "vaktplan/modeller/<int:comparison_id>/del/",
        comparisons.share,
        name="share_comparison",
    ),
    path(
        "vaktplan/modeller/<int:comparison_id>/slett/",
        comparisons.drop,
        name="drop_comparison",
    ),
]
ON_DUTY: list[URLPattern] = [
    path("vaktplan/hvem/", on_duty.who, name="who"),
    path("vaktplan/hvem/<int:duty_id>/nummer/", on_duty.phone, name="correct_phone"),
    path("vaktplan/hvem/poster/", on_duty.lines, name="duty_lines"),
    path("vaktplan/hvem/vegg/", on_duty.wall, name="who_wall"),
    path("vaktplan/hvem/telefonliste/", on_duty.phone_list, name="phone_list"),
    path("vaktplan/hvem/telefonliste.pdf", on_duty.phone_pdf, name="phone_pdf"),
    path("vaktplan/hvem/stedfortredere/", standins.standins, name="standins"),
    path("vaktplan/hvem/nodnett/", nodnett.nodnett, name="nodnett"),
    path("vaktplan/hvem/nodnett/<int:day_id>/", nodnett.day, name="nodnett_day"),
    path("vaktplan/hvem/kalender/", feeds.feeds, name="feeds"),
    path("vaktplan/kalender/<str:secret>.ics", feeds.feed, name="feed"),
]

urlpatterns = PEOPLE + ROTA + LOAD + MODELS + ON_DUTY
