"""The addresses of the sentral's room."""

app_name = "sentral"
urlpatterns = []
