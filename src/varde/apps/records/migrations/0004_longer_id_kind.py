"""The longest kind of number is `fodselsnummer`, thirteen letters."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0003_log_in_and_lock")]

    operations = [
        migrations.AlterField(
            model_name="patient",
            name="id_kind",
            field=models.CharField(blank=True, max_length=16),
        )
    ]
