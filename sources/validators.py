"""What a JSON field may hold, for forms that take it from people."""

from typing import Any

from django.core.exceptions import ValidationError


def list_of_texts(value: Any) -> None:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValidationError('Give a list of texts, such as ["one", "two"].')


def mapping_of_texts(value: Any) -> None:
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise ValidationError('Give names with texts, such as {"name": "text"}.')
