"""Gives articles that were here before revisions were kept their first one: what they are now."""

from django.db import migrations


def keep(apps, schema_editor):
    Article = apps.get_model("articles", "Article")
    Historical = apps.get_model("articles", "HistoricalArticle")
    known = set(Historical.objects.values_list("id", flat=True))
    names = [
        field.attname for field in Historical._meta.concrete_fields if not field.name.startswith("history_")
    ]
    rows = []
    for article in Article.objects.order_by("pk").iterator(chunk_size=500):
        if article.pk in known:
            continue
        rows.append(
            Historical(
                **{name: getattr(article, name) for name in names},
                history_date=article.created_at,
                history_type="+",
                history_change_reason="here before revisions were kept",
            )
        )
        if len(rows) == 500:
            Historical.objects.bulk_create(rows)
            rows = []
    Historical.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_what_stood_beside_uploads")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop, elidable=True)]
