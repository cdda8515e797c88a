import pytest
from tests.integration import test_access_table as t
@pytest.mark.django_db
def test_gen(settings, tmp_path):
    settings.HANDBOOK = tmp_path
    (tmp_path / "index.html").write_text("x")
    things = t.world()
    clients = {n: t.log_in(n) for n in t.PEOPLE}
    out=[]
    for view in t.addresses():
        for method in ("GET","POST"):
            for given in (["-"] if view!="sentral:contact" else ["-","contact=old"]):
                row=t.Row(view,method,given,("",)*9)
                a=tuple(t.answer(clients[n],row,things) for n in t.PEOPLE)
                if set(a)<={"405","login"}: continue
                out.append(str(t.Row(view,method,given,a)))
    open("/tmp/table.txt","w").write("\n".join(out))
