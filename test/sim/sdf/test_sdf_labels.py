"""Gazebo's labels: of models, nested models and visuals."""

import pytest

VISUAL = '<visual name="{name}"><geometry><sphere><radius>1</radius></sphere></geometry>{label}</visual>'


def label(number):
    name = "gz::sim::systems::Label"
    return f'\n<plugin filename="gz-sim-label-system" name="{name}"><label>{number}</label></plugin>'


def link(name, *visuals):
    return f'<link name="{name}">{"".join(visuals)}</link>'


def visual(name, *labels):
    return VISUAL.format(name=name, label="".join(map(label, labels)))


def labels_of(model):
    return {f"{link.name}/{visual.name}": visual.label for link in model.links for visual in link.visuals}


def test_without_a_label_there_is_none(model):
    assert labels_of(model(link("l", visual("a")))) == {"l/a": 0}


def test_a_model_s_label_is_that_of_all_its_visuals(model):
    found = model(link("l", visual("a"), visual("b")) + link("k", visual("c")) + label(7))
    assert labels_of(found) == {"l/a": 7, "l/b": 7, "k/c": 7}


def test_a_visual_s_own_label_wins(model):
    found = model(link("l", visual("a", 255), visual("b")) + label(7))
    assert labels_of(found) == {"l/a": 255, "l/b": 7}


def test_the_innermost_model_s_label_counts(model):
    inner = f'<model name="n">{link("l", visual("a"), visual("b", 3))}{label(9)}</model>'
    found = model(link("l", visual("a")) + inner + label(7))
    assert labels_of(found) == {"l/a": 7, "n::l/a": 9, "n::l/b": 3}
    assert labels_of(model(link("l", visual("a")) + inner)) == {"l/a": 0, "n::l/a": 9, "n::l/b": 3}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (link("l") + label(256), "<label> is 256; expected at most 255"),
        (link("l") + label(-1), "<label> is '-1'; expected a whole number >= 0"),
        (link("l") + label("box"), "<label> is 'box'; expected a whole number >= 0"),
        (link("l") + label(1) + label(2), "a second Label in model 'm'; expected one"),
        (link("l", visual("a", 1, 2)), "a second Label in visual 'a'; expected one"),
        (link("l") + label(1).replace("<label>1</label>", ""), "<plugin> has no <label>"),
        (link("l") + label(1).replace("<label>", "<x/><label>"), "<x> inside <plugin> is not supported"),
    ],
)
def test_what_is_no_label_is_refused(refused, text, message):
    assert message in refused(text)


def test_a_world_has_no_label(world):
    with pytest.raises(ValueError, match="Label stands in a <world>; expected it in a <model>"):
        world(label(1))
