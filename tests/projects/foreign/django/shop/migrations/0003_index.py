from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_label")]
    operations = [
        migrations.AddIndex("jar", models.Index(fields=["label"], name="by_label")),
    ]
