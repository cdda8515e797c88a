"""What a visitor and a patient who is not identified are known by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="country",
            field=models.CharField(
                blank=True,
                help_text="Of a visitor: two letters (ISO 3166)",
                max_length=2,
            ),
        ),
        migrations.AddField(
            model_name="patient",
            name="description",
            field=models.CharField(
                blank=True,
                help_text="How to know a patient who is not identified",
                max_length=200,
            ),
        ),
    ]
