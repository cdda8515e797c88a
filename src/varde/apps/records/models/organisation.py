"""Who serves whom: municipalities, districts, sentraler, stations and their catchment."""

from django.db import models
from django.db.models import F, Q


class Municipality(models.Model):
    """A municipality, by its official number."""

    number = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=80)
    county = models.CharField(max_length=60)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Population(models.Model):
    """Inhabitants of a municipality on 1 January of a year."""

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="population"
    )
    year = models.PositiveSmallIntegerField()
    inhabitants = models.PositiveIntegerField()
    # Of 65 years and more. Null: nobody knows.
    inhabitants_65_plus = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "year"], name="one_population_a_year"
            ),
            models.CheckConstraint(
                condition=Q(inhabitants_65_plus=None)
                | Q(inhabitants_65_plus__lte=F("inhabitants")),
                name="the_old_are_some_of_all",
            ),
        ]

    def __str__(self):
        return f"{self.municipality_id} {self.year}: {self.inhabitants}"


class District(models.Model):
    """A legevaktdistrikt: the controller of the patient data of its stations."""

    code = models.SlugField(max_length=12, unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Sentral(models.Model):
    """A legevaktsentral. Calls belong to its host district until a place is known."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    host_district = models.ForeignKey(District, models.PROTECT, related_name="hosts")
    phone = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class SentralDistrict(models.Model):
    """Which districts a sentral answers for, from when to when."""

    sentral = models.ForeignKey(Sentral, models.CASCADE, related_name="serves")
    district = models.ForeignKey(District, models.CASCADE, related_name="served_by")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    def __str__(self):
        return f"{self.sentral_id} serves {self.district_id} from {self.valid_from}"


class Station(models.Model):
    """A legevakt: the place a patient comes to."""

    code = models.SlugField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    district = models.ForeignKey(District, models.PROTECT, related_name="stations")
    municipality = models.ForeignKey(Municipality, models.PROTECT)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Catchment(models.Model):
    """Which station serves a municipality, in which hours, from when to when."""

    class Hours(models.TextChoices):
        ALL = "all"
        DAY = "day"
        NIGHT = "night"

    municipality = models.ForeignKey(Municipality, models.CASCADE)
    station = models.ForeignKey(Station, models.CASCADE, related_name="catchment")
    hours = models.CharField(max_length=5, choices=Hours, default=Hours.ALL)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    def __str__(self):
        return f"{self.municipality_id} → {self.station_id} from {self.valid_from}"


class Place(models.Model):
    """A named place that the operator can pick, with the way to the stations."""

    municipality = models.ForeignKey(Municipality, models.CASCADE)
    name = models.CharField(max_length=80)
    latitude = models.FloatField()
    longitude = models.FloatField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class TravelTime(models.Model):
    """Minutes by road from a place to a station."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="travel")
    station = models.ForeignKey(Station, models.CASCADE, related_name="travel")
    minutes = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "station"], name="one_travel_time_a_way"
            )
        ]

    def __str__(self):
        return f"{self.place_id} → {self.station_id}: {self.minutes} min"


class DatedSetting(models.Model):
    """A limit, rate, target or minute value: from when to when, and by what source.

    A row with a place counts before one without. Code holds none of these.
    """

    key = models.CharField(max_length=80, db_index=True)
    district = models.ForeignKey(District, models.CASCADE, null=True, blank=True)
    station = models.ForeignKey(Station, models.CASCADE, null=True, blank=True)
    value = models.JSONField()
    unit = models.CharField(max_length=20, blank=True)
    source = models.TextField()
    is_verified = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    changed_by = models.ForeignKey("records.User", models.PROTECT, null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(source=""), name="a_setting_names_its_source"
            )
        ]

    def __str__(self):
        return f"{self.key} from {self.valid_from}"
