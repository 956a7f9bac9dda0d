//! Calendars are read as RFC 5545 has them: by a reader that takes nothing else.

use std::collections::BTreeSet;
use std::path::PathBuf;

use specc::value::day_of;

use crate::bless;

/// The properties of a component, in order: name and value.
type Properties = Vec<(String, String)>;

/// The lines of a calendar, unfolded (section 3.1).
fn lines(text: &str) -> Result<Vec<String>, String> {
    let body = text.strip_suffix("\r\n").ok_or("the last line does not end")?;
    let mut lines: Vec<String> = Vec::new();
    for line in body.split("\r\n") {
        if line.contains(['\r', '\n']) || line.is_empty() || line.len() > 75 {
            return Err(format!("not a line: {line:?}"));
        }
        match (line.strip_prefix(' '), lines.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            (Some(_), None) => return Err("the first line goes on".to_owned()),
            (None, _) => lines.push(line.to_owned()),
        }
    }
    Ok(lines)
}

/// The events of a calendar (sections 3.4 and 3.6), each with every property once.
fn events(text: &str) -> Result<Vec<Properties>, String> {
    let lines = lines(text)?;
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let inner = match lines.as_slice() {
        ["BEGIN:VCALENDAR", "VERSION:2.0", product, inner @ .., "END:VCALENDAR"]
            if product.starts_with("PRODID:-//") =>
        {
            inner
        }
        _ => return Err("not a calendar".to_owned()),
    };
    let mut events: Vec<Properties> = Vec::new();
    let mut open: Option<Properties> = None;
    for line in inner {
        match (*line, open.as_mut()) {
            ("BEGIN:VEVENT", None) => open = Some(Vec::new()),
            ("END:VEVENT", Some(_)) => events.extend(open.take()),
            (line, Some(event)) => {
                let (name, value) = line.split_once(':').ok_or(format!("no property: {line}"))?;
                if event.iter().any(|(known, _)| known == name) {
                    return Err(format!("{name} twice"));
                }
                event.push((name.to_owned(), value.to_owned()));
            }
            (line, None) => return Err(format!("{line} outside of an event")),
        }
    }
    if open.is_some() || events.is_empty() {
        return Err("an event does not end, or there is none".to_owned());
    }
    Ok(events)
}

/// Days since 2000-01-01 of a date with UTC time (section 3.3.5).
fn day(moment: &str) -> Result<(i64, i64, i64), String> {
    let shape: String = moment.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    if shape != "00000000T000000Z" {
        return Err(format!("{moment} is no moment in UTC"));
    }
    let number = |from: usize, to: usize| moment[from..to].parse::<i64>().unwrap();
    let (hour, minute, second) = (number(9, 11), number(11, 13), number(13, 15));
    if hour > 23 || minute > 59 || second > 59 {
        return Err(format!("{moment} is no time of a day"));
    }
    Ok((day_of(number(0, 4), number(4, 6), number(6, 8)), number(4, 6), number(6, 8)))
}

/// What is wrong with an event.
fn judge(event: &Properties) -> Result<(), String> {
    let names: BTreeSet<&str> = event.iter().map(|(name, _)| name.as_str()).collect();
    let wanted = BTreeSet::from(["UID", "DTSTAMP", "DTSTART", "DURATION", "RRULE", "SUMMARY", "DESCRIPTION"]);
    if names != wanted {
        return Err(format!("properties are {names:?}"));
    }
    let value =
        |name: &str| event.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap();
    day(value("DTSTAMP"))?;
    let (start, month, of_month) = day(value("DTSTART"))?;
    let hours = value("DURATION").strip_prefix("PT").and_then(|text| text.strip_suffix('H'));
    hours.and_then(|text| text.parse::<u8>().ok()).ok_or("no duration")?;
    let mut rule: Vec<(&str, &str)> = Vec::new();
    for part in value("RRULE").split(';') {
        rule.push(part.split_once('=').ok_or(format!("{part} is no part of a rule"))?);
    }
    let part = |name: &str| rule.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let kinds: Vec<&str> = rule.iter().map(|(name, _)| *name).collect();
    match (part("FREQ"), kinds.as_slice()) {
        (Some("MONTHLY"), ["FREQ", "BYDAY"]) => {}
        (Some("MONTHLY"), ["FREQ", "INTERVAL", "BYDAY"]) if part("INTERVAL") == Some("3") => {}
        (Some("YEARLY"), ["FREQ", "BYMONTH", "BYDAY"])
            if part("BYMONTH") == Some(month.to_string().as_str()) => {}
        other => return Err(format!("the rule {other:?}")),
    }
    // the first moment is one of the rule's (section 3.8.5.3 leaves the set undefined otherwise)
    let by = part("BYDAY").unwrap();
    let (week, weekday) = by.split_at(by.len() - 2);
    let at = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
        .iter()
        .position(|name| *name == weekday)
        .ok_or("no weekday")?;
    if i64::try_from(at).unwrap() != (start + 5).rem_euclid(7) {
        return Err(format!("{} is no {weekday}", value("DTSTART")));
    }
    match week.parse::<i64>().map_err(|_| "no week")? {
        week @ 1..=4 if (of_month - 1) / 7 + 1 == week => {}
        -1 if of_month > 28 => {}
        _ => return Err(format!("{} is in another week than {week}", value("DTSTART"))),
    }
    for text in [value("SUMMARY"), value("DESCRIPTION")] {
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            match character {
                '\\' if !matches!(characters.next(), Some('\\' | ';' | ',' | 'n')) => {
                    return Err(format!("a lone backslash in {text}"));
                }
                ';' | ',' => return Err(format!("{character} as it is in {text}")),
                _ => {}
            }
        }
    }
    Ok(())
}

#[test]
fn every_golden_calendar_is_one() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut folders = bless::folders(&root.join("example"));
    for case in bless::folders(&root.join("cases")) {
        folders.extend(bless::folders(&case.join("out")));
    }
    let (mut read, mut identities) = (0, BTreeSet::new());
    for folder in folders {
        let Some(text) = bless::read(&folder).remove("tests.ics") else { continue };
        let text = String::from_utf8(text).unwrap();
        for event in events(&text).unwrap_or_else(|why| panic!("{}: {why}", folder.display())) {
            judge(&event).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
            let identity = event.into_iter().find(|(name, _)| name == "UID").unwrap().1;
            assert!(identities.insert(identity.clone()), "two events are {identity}");
            read += 1;
        }
    }
    assert!(read >= 8, "{read} events were read");
}

#[test]
fn a_calendar_that_is_none_is_refused() {
    let good = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\nBEGIN:VEVENT\r\nUID:a@b\r\nDTSTAMP:20260113T090000Z\r\n\
                DTSTART:20260113T090000Z\r\nDURATION:PT2H\r\nRRULE:FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU\r\nSUMMARY:a\\, b\r\n\
                DESCRIPTION:c\r\n d\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let verdict = |text: &str| events(text).and_then(|events| events.iter().try_for_each(judge));
    assert_eq!(verdict(good), Ok(()));
    for (from, to) in [
        ("\r\n", "\n"),
        ("END:VEVENT\r\n", ""),
        ("UID:a@b\r\n", ""),
        ("UID:a@b", "UID:a@b\r\nUID:a@b"),
        ("DTSTART:20260113", "DTSTART:20260114"),
        ("BYDAY=2TU", "BYDAY=3TU"),
        ("BYDAY=2TU", "BYDAY=TU"),
        ("INTERVAL=3", "INTERVAL=4"),
        ("T090000Z", "T090000"),
        ("T090000Z", "T250000Z"),
        ("a\\, b", "a, b"),
        ("c\r\n d", "c\r\nd"),
        ("PT2H", "2 hours"),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good, "{from:?}");
        assert!(verdict(&bad).is_err(), "{from:?} as {to:?} was taken");
    }
}
