from almoner.patients.queries import panel
from almoner.records import queries

panel("forms", 70, "records.view", "records/_panel.html", queries.panel_values)
