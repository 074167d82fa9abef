"""Data objects, properties, inputs and outputs, their associations, data on events (BPMN 2.0, 10.4)."""

from __future__ import annotations

from decimal import Decimal

from tests.engine.diagrams import (
    MESSAGE,
    boundary,
    catch,
    diagram,
    end,
    file,
    flows,
    handler,
    node,
    process,
    script,
    start,
    sub,
    throw,
    user,
)
from tests.engine.runtime.world import World


def specification(inputs: str = "", outputs: str = "") -> str:
    """Return an ioSpecification; names are separated by spaces, ids are ``di_`` and ``do_`` and the name."""
    ins, outs = inputs.split(), outputs.split()
    return (
        "<ioSpecification>"
        + "".join(f'<dataInput id="di_{name}" name="{name}"/>' for name in ins)
        + "".join(f'<dataOutput id="do_{name}" name="{name}"/>' for name in outs)
        + "<inputSet>" + "".join(f"<dataInputRefs>di_{name}</dataInputRefs>" for name in ins) + "</inputSet>"
        + "<outputSet>" + "".join(f"<dataOutputRefs>do_{name}</dataOutputRefs>" for name in outs)
        + "</outputSet></ioSpecification>"
    )  # fmt: skip


def comes(source: str, target: str, more: str = "") -> str:
    return (
        f'<dataInputAssociation id="in_{source}_{target}"><sourceRef>{source}</sourceRef>'
        f"<targetRef>{target}</targetRef>{more}</dataInputAssociation>"
    )


def goes(source: str, target: str, more: str = "") -> str:
    return (
        f'<dataOutputAssociation id="out_{source}_{target}"><sourceRef>{source}</sourceRef>'
        f"<targetRef>{target}</targetRef>{more}</dataOutputAssociation>"
    )


ORDER = '<dataObject id="o1" name="order"/><dataObjectReference id="r1" dataObjectRef="o1" name="x [paid]"/>'
TOTAL = '<dataObject id="o2"/><dataObjectReference id="r2" dataObjectRef="o2" name="total [new]"/>'


def test_values_move_from_objects_to_inputs_and_from_outputs_to_objects() -> None:
    task = script("t", "sum := amount * 2", specification("amount", "sum") + comes("r1", "di_amount")
                  + goes("do_sum", "r2"))  # fmt: skip
    text = diagram(start(), task, user("u"), end(), ORDER, TOTAL, links="s-t t-u u-e")
    case = World(text).start(order=21)
    assert case.variables == {"order": Decimal(21), "total": Decimal(42)}, "inputs and outputs are its own"


def test_an_output_without_a_value_is_not_copied() -> None:
    task = script("t", "other := 1", specification("", "sum") + goes("do_sum", "r2"))
    text = diagram(start(), task, user("u"), end(), TOTAL, links="s-t t-u u-e")
    assert World(text).start(total=7).variables == {"total": Decimal(7), "other": Decimal(1)}


def test_transformation_and_assignment() -> None:
    changed = "<transformation>order.price * 2</transformation>"
    assigned = "<assignment><from>sum + 1</from><to>total</to></assignment>"
    task = script("t", "sum := amount", specification("amount", "sum") + comes("r1", "di_amount", changed)
                  + goes("do_sum", "r2", assigned))  # fmt: skip
    text = diagram(start(), task, user("u"), end(), ORDER, TOTAL, links="s-t t-u u-e")
    assert World(text).start(order={"price": 5}).variables["total"] == Decimal(11)


def test_a_person_fills_in_an_output() -> None:
    task = user("t", specification("", "sum") + goes("do_sum", "r2"))
    case = World(diagram(start(), task, user("u"), end(), TOTAL, links="s-t t-u u-e")).start()
    case.complete("t", sum=5, note="n")
    assert case.variables == {"total": Decimal(5), "note": "n"}


def test_a_data_object_lives_as_long_as_its_sub_process() -> None:
    inner = sub(
        "sp",
        '<dataObject id="d" name="draft"/>',
        start("s2"),
        script("w", "draft := 1\nkept := draft + 1"),
        user("u"),
        end("e2"),
        flows("s2-w w-u u-e2"),
    )
    case = World(diagram(start(), inner, user("n"), end(), links="s-sp sp-n n-e")).start(draft="outer")
    assert case.run.scope_of(case.wait("u").token)["draft"] == Decimal(1)
    case.complete("u")
    assert case.variables == {"draft": "outer", "kept": Decimal(2)}


def test_a_property_belongs_to_its_activity() -> None:
    task = node("userTask", "t", '<property id="p1" name="remark"/>')
    case = World(diagram(start(), task, user("u"), end(), links="s-t t-u u-e")).start()
    case.complete("t", remark="secret", sum=1)
    assert case.variables == {"sum": Decimal(1)}


def test_a_message_hands_its_payload_to_a_data_output() -> None:
    output = '<dataOutput id="do_sum" name="sum"/>' + goes("do_sum", "r2")
    for event in (catch("c", output + MESSAGE), node("receiveTask", "c", specification("", "sum")
                  + goes("do_sum", "r2"), messageRef="root_m1")):  # fmt: skip
        text = diagram(start(), event, user("u"), end(), TOTAL, links="s-c c-u u-e")
        world = World(text)
        case = world.start(total=1)
        world.message("paid", {"sum": 9, "intruder": 1})
        assert case.variables == {"total": Decimal(9)}, "nothing else of the payload becomes a variable"


def test_a_boundary_event_and_an_event_sub_process_take_data() -> None:
    output = '<dataOutput id="do_x" name="x"/>' + goes("do_x", "r2")
    text = diagram(start(), user("u"), boundary("b", "u", output + MESSAGE), user("n"), end(), TOTAL,
                   links="s-u u-e b-n n-e")  # fmt: skip
    world = World(text)
    case = world.start()
    world.message("paid", {"only": 3})
    assert case.variables == {"total": Decimal(3)} and case.tasks() == ["n"]
    inside = handler("h", output + MESSAGE, user("n"), end("he"), flows("h_s-n n-he"))
    world = World(diagram(start(), user("u"), end(), TOTAL, inside, links="s-u u-e"))
    case = world.start()
    world.message("paid", {"x": 4})
    assert case.variables == {"total": Decimal(4)} and case.tasks() == ["n"]


def test_a_thrown_message_carries_its_data_inputs_and_nothing_else() -> None:
    carried = '<dataInput id="di_sum" name="sum"/>' + comes("r2", "di_sum") + MESSAGE
    thrower = process(start(), script("w", "total := 5\nsecret := 1"), throw("t", carried), end(), TOTAL,
                      flows("s-w w-t t-e"))  # fmt: skip
    output = '<dataOutput id="do_got" name="got"/>' + goes("do_got", "r9") + MESSAGE
    taker = process(
        start("s9", output), user("u"), end("e9"),
        '<dataObject id="o9" name="received"/><dataObjectReference id="r9" dataObjectRef="o9"/>',
        flows("s9-u u-e9"), key="q",
    )  # fmt: skip
    world = World(file(thrower, taker))
    world.start("p")
    assert world.cases[1].variables == {"received": Decimal(5)}


def test_a_call_hands_over_its_inputs_and_takes_back_its_outputs() -> None:
    call = node("callActivity", "c", specification("amount", "sum") + comes("r1", "di_amount")
                + goes("do_sum", "r2"), calledElement="other")  # fmt: skip
    case = World(diagram(start(), call, user("u"), end(), ORDER, TOTAL, links="s-c c-u u-e")).start(order=4)
    wait = case.wait("c")
    assert wait.details["variables"] == {"amount": Decimal(4)} and wait.details["propagate_all"] is False
    case.complete("c", sum=8, intermediate=1)
    assert case.variables == {"order": Decimal(4), "total": Decimal(8)}


def test_a_service_step_fills_its_outputs_by_name() -> None:
    step = node("serviceTask", "c", specification("", "sum") + goes("do_sum", "r2"),
                '<bpm:connector name="letter"/>')  # fmt: skip
    case = World(diagram(start(), step, user("u"), end(), TOTAL, links="s-c c-u u-e")).start()
    case.complete("c", sum=8, other=1)
    assert case.variables == {"total": Decimal(8)}


MANY = (
    '<dataObject id="o3" name="names" isCollection="true"/><dataObjectReference id="r3" dataObjectRef="o3"/>'
    '<dataObject id="o4" name="greetings" isCollection="true"/>'
    '<dataObjectReference id="r4" dataObjectRef="o4"/>'
)


def test_a_multi_instance_activity_over_standard_data() -> None:
    loop = (
        '<multiInstanceLoopCharacteristics isSequential="{}"><loopDataInputRef>di_all</loopDataInputRef>'
        '<loopDataOutputRef>do_all</loopDataOutputRef><inputDataItem id="i1" name="one"/>'
        '<outputDataItem id="i2" name="greeting"/></multiInstanceLoopCharacteristics>'
    )
    for sequential in ("true", "false"):
        data = specification("all", "all").replace('id="do_all" name="all"', 'id="do_all" name="results"')
        task = script("t", 'greeting := "hi " + string(one)', data + comes("r3", "di_all")
                      + goes("do_all", "r4") + loop.format(sequential))  # fmt: skip
        case = World(diagram(start(), task, user("u"), end(), MANY, links="s-t t-u u-e")).start(
            names=["a", None, "c"]
        )
        assert case.tasks() == ["u"], case.run.failures()
        assert case.variables["greetings"][::2] == ["hi a", "hi c"]
        assert set(case.variables) == {"names", "greetings"}


def test_an_input_of_each_instance_comes_from_the_item() -> None:
    loop = (
        "<multiInstanceLoopCharacteristics><loopDataInputRef>r3</loopDataInputRef>"
        '<inputDataItem id="i1" name="one"/></multiInstanceLoopCharacteristics>'
    )
    task = user("t", specification("who", "") + comes("i1", "di_who") + loop)
    case = World(diagram(start(), task, end(), MANY, links="s-t t-e")).start(names=["a", "b"])
    found = [case.run.scope_of(wait.token)["who"] for wait in case.waits("user_task")]
    assert found == ["a", "b"]


def test_a_data_store_is_told_to_be_kept_per_case() -> None:
    store = '<dataStoreReference id="ds" name="stock"/>'
    task = script("t", "sum := amount + 1", specification("amount", "sum") + comes("ds", "di_amount")
                  + goes("do_sum", "ds"))  # fmt: skip
    world = World(diagram(start(), store, task, user("u"), end(), links="s-t t-u u-e"))
    assert [one.code for one in world.definitions["p"].problems if one.element == "ds"] == ["data_store"]
    assert world.start(stock=1).variables == {"stock": Decimal(2)}


def test_data_may_be_called_like_a_function_of_feel() -> None:
    count = '<dataObject id="o5" name="count"/><dataObjectReference id="r5" dataObjectRef="o5"/>'
    task = script(
        "t", "x := if today = null then 1 else 2", specification("today", "") + comes("r5", "di_today")
    )
    text = diagram(start(), task, user("u"), end(), count, links="s-t t-u u-e")
    assert World(text).start().variables["x"] == Decimal(1)
    assert World(text).start(count=7).variables["x"] == Decimal(2)
