from tests.candidate_agent.ui import browse
from tests.candidate_agent.ui.play import run
def first(play):
    play.show("exam"); play.open_exam(); browse.open_with(play, browse.POLICY, play.access())
S={"first":first}
for i in range(8): S[f"c{i}"]=browse.inside_clipboard
run(S)
