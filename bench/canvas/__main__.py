"""`python -m bench.canvas`: how old a picture is when the console draws it, for one candidate and for eight."""

from bench.canvas.measure import measure
from bench.results import tell

if __name__ == "__main__":
    tell(measure())
