"""Whether the candidate hears this computer: a person is asked, and `session.trying` makes the row. Its words."""

THRESHOLD = "heard"
VALUES = ("heard", "not heard", "skipped")
