"""Models of the tables that db/schema makes."""

from django.db import models


class Task(models.Model):
    title = models.TextField()
    state = models.TextField(default="open")
    due = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "tasks"

    def finish(self):
        self.state = "done"
        self.save(update_fields=["state"])
