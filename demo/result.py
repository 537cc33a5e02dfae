"""What the demo leaves in its output folder: summary.json for machines, report.html for people."""

import html
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

NOT_RUN = "not run"
Figure = float | int | str


@dataclass(frozen=True, slots=True)
class StepResult:
    name: str
    ok: bool
    seconds: float
    detail: str


@dataclass(frozen=True, slots=True)
class Summary:
    passed: bool
    steps: tuple[StepResult, ...]
    figures: dict[str, Figure]


def summarise(steps: Sequence[StepResult], figures: dict[str, Figure]) -> Summary:
    return Summary(bool(steps) and all(step.ok for step in steps), tuple(steps), dict(figures))


def write(summary: Summary, output_dir: Path) -> None:
    """summary.json is moved into place whole: who reads it never sees half of it."""
    text = json.dumps(asdict(summary), indent=2, ensure_ascii=False)
    half = output_dir / "summary.json.new"
    half.write_text(text + "\n", encoding="utf-8")
    half.replace(output_dir / "summary.json")
    (output_dir / "report.html").write_text(page(summary, output_dir), encoding="utf-8")


def page(summary: Summary, output_dir: Path) -> str:
    verdict = "All steps passed." if summary.passed else "Not all steps passed."
    steps = "".join(_step_section(number, step, output_dir) for number, step in enumerate(summary.steps, 1))
    figures = "".join(f"<tr><th>{_e(name)}<td>{_e(value)}" for name, value in summary.figures.items())
    others = "".join(f'<li><a href="{_e(name)}">{_e(name)}</a>' for name in _files(output_dir))
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>One proctored sitting: {verdict}</title>
<style>{_STYLE}</style>
<main>
<h1>One proctored sitting</h1>
<p class="verdict">{verdict}</p>
{steps}
<h2>Figures</h2><table>{figures}</table>
<h2>Files</h2><ul>{others}</ul>
</main>
</html>
"""


def _step_section(number: int, step: StepResult, output_dir: Path) -> str:
    word = "passed" if step.ok else ("not run" if step.detail == NOT_RUN else "failed")
    pictures = "".join(
        f'<a href="{_e(path.name)}"><img src="{_e(path.name)}" alt="{_e(path.stem)}" loading="lazy"></a>'
        for path in sorted(output_dir.glob(f"{number:02d}-*.png"))
    )
    return (
        f"<section><h2>{number}. {_e(step.name)} <small>{word}, {step.seconds:.1f} s</small></h2>"
        f"<p>{_e(step.detail)}</p><div>{pictures}</div></section>\n"
    )


def _files(output_dir: Path) -> list[str]:
    return sorted(
        str(path.relative_to(output_dir))
        for path in output_dir.rglob("*")
        if path.is_file() and path.suffix != ".png" and path.name != "report.html"
    )


def _e(value: object) -> str:
    return html.escape(f"{value:.3f}" if isinstance(value, float) else str(value))


_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
small { font-weight: normal; font-size: 1rem; opacity: .75; }
.verdict { font-size: 1.25rem; }
section { border-top: 1px solid #8888; }
img { width: 20rem; max-width: 100%; margin: 0 .5rem .5rem 0; border: 1px solid #8888; }
th { text-align: left; font-weight: normal; padding-right: 2rem; }
"""
