"""What a recording came to, in one line for the session log: what was taken, left out as unchanged, and lost inside the
program. Pure; `hands` records it when a recording ends, the evidence report shows it.
"""

from collections.abc import Mapping


def summary(stats: Mapping[str, float]) -> str:
    """Of the pipeline's `stats`: "screen: 9 pictures, 7 unchanged, 0 lost; camera: ...; sound: 90 blocks, 0 lost;
    packets not kept: 0". "" where nothing was recorded."""
    sources = [name.removesuffix("_in") for name in stats if name.endswith("_in")]
    if not sources:
        return ""
    pictures = [
        f"{name}: {stats[f'{name}_in']:.0f} pictures, {stats[f'{name}_still']:.0f} unchanged, "
        f"{stats[f'{name}_dropped']:.0f} lost"
        for name in sources
    ]
    sound = f"sound: {stats['sound_blocks']:.0f} blocks, {stats['sound_dropped']:.0f} lost"
    return "; ".join((*pictures, sound, f"packets not kept: {stats['refused']:.0f}"))
