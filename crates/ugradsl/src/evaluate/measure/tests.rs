use super::*;

#[test]
fn every_measure_has_a_name_of_its_own_and_says_everything() {
    for (at, measure) in Measure::ALL.into_iter().enumerate() {
        assert_eq!(Measure::ALL.iter().position(|other| other.name() == measure.name()), Some(at));
        assert_eq!(measure.name().parse::<Measure>().unwrap(), measure);
        let Explanation { title, meaning, plain, formula, reading, pitfalls, source, .. } =
            measure.explanation();
        let unit = measure.explanation().unit_and_range();
        for text in [title, &unit, meaning, plain, formula, reading, pitfalls, source] {
            assert!(!text.is_empty() && !text.contains("  ") && !text.contains('\n'), "{text}");
        }
        assert!(plain.ends_with(['.', '?']) && plain.starts_with(char::is_uppercase), "{plain}");
    }
}

#[test]
fn names_are_found_in_any_case_and_slips_are_put_right() {
    for (text, measure) in
        [("UA", Measure::Ua), ("Linear Probe", Measure::LinearProbe), ("JS forget", Measure::Js)]
    {
        assert_eq!(text.parse::<Measure>().unwrap(), measure);
    }
    let slip = "relern-time".parse::<Measure>().unwrap_err().to_string();
    assert_eq!(slip, "unknown measure \"relern-time\", did you mean \"relearn-time\"?");
    let nonsense = "happiness".parse::<Measure>().unwrap_err().to_string();
    assert_eq!(nonsense, "unknown measure \"happiness\"");
}

#[test]
fn figures_fit_their_measure_and_no_two_share_a_key_or_a_title() {
    let unique = |texts: Vec<&str>| {
        let mut sorted = texts.clone();
        sorted.sort_unstable();
        sorted.dedup();
        sorted.len() == texts.len()
    };
    assert!(unique(Figure::ALL.map(Figure::key).to_vec()));
    assert!(unique(Figure::ALL.map(Figure::title).to_vec()));
    assert!(unique(Figure::ALL.into_iter().filter_map(Figure::summary_key).collect()));
    for figure in Figure::ALL {
        let parts = figure.measure().explanation().parts;
        let whole = figure.part() == Part::All && (parts.is_empty() || parts.len() == 3);
        assert!(whole || parts.contains(&figure.part()), "{figure:?}: {parts:?}");
    }
    for measure in Measure::ALL {
        let unit = measure.figures().next().map_or(measure.unit(), Figure::unit);
        assert_eq!(unit, measure.unit(), "{measure}");
    }
}

#[test]
fn what_a_table_of_methods_or_runs_shows_is_summarised() {
    for table in [FigureTable::Methods, FigureTable::Runs] {
        for figure in Figure::columns(table) {
            assert!(figure.summary_key().is_some(), "{figure:?}");
        }
    }
}

#[test]
fn cells_have_the_digits_of_their_figure() {
    assert_eq!(Figure::Ua.cell(Some(2.0 / 3.0)), "0.67");
    assert_eq!(Figure::KlForget.cell(Some(2.0 / 3.0)), "0.6667");
    assert_eq!(Figure::RetrainShare.cell(Some(0.125)), "12.5");
    assert_eq!(Figure::Gap.cell(None), "-");
}
