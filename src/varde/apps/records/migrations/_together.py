"""Tables that are made in one step of a migration.

Django draws up its picture of every model anew after each table. For a hundred tables that
relate to each other it took more than ten seconds of a new installation, most of its start.
"""

from django.db.migrations import CreateModel
from django.db.migrations.operations.base import Operation


class CreateModels(Operation):
    """Tables, in their order; the picture of the models is drawn up once, after the last."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, models):
        self.models = models

    def deconstruct(self):
        """As the writer of migrations asks for it."""
        return type(self).__name__, [self.models], {}

    def describe(self):
        """As `varde migrate --plan` shows it."""
        return f"Create {len(self.models)} models"

    def state_forwards(self, app_label, state):
        """Add the models; `state.apps` is made again when it is asked for."""
        state.__dict__.pop("apps", None)
        for operation in self.models:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        """Make the tables."""
        for operation in self.models:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """Drop the tables, the last one first."""
        for operation in reversed(self.models):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)


def together(operations):
    """The operations, where tables that follow each other are one step."""
    found = []
    for operation in operations:
        if not isinstance(operation, CreateModel):
            found.append(operation)
        elif found and isinstance(found[-1], CreateModels):
            found[-1].models.append(operation)
        else:
            found.append(CreateModels([operation]))
    return found
