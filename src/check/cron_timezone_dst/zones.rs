//! The time zones whose clocks change, with the local hours that a change skips or repeats.
//!
//! Made from the IANA time zone database, release 2025b, over the years 2026 and 2027.

/// Hours, and the zones whose clocks skip or repeat them, in byte order.
#[rustfmt::skip]
pub(super) const CHANGING: &[(&[u8], &[&str])] = &[
    (&[0], &[
        "America/Havana", "Atlantic/Azores", "Cuba",
    ]),
    (&[0, 23], &[
        "Africa/Cairo", "America/Santiago", "Asia/Beirut", "Chile/Continental", "Egypt",
    ]),
    (&[1], &[
        "Atlantic/Canary", "Atlantic/Faeroe", "Atlantic/Faroe", "Atlantic/Madeira", "Eire",
        "Europe/Belfast", "Europe/Dublin", "Europe/Guernsey", "Europe/Isle_of_Man", "Europe/Jersey",
        "Europe/Lisbon", "Europe/London", "GB", "GB-Eire", "Portugal", "WET",
    ]),
    (&[1, 2], &[
        "America/Adak", "America/Anchorage", "America/Atka", "America/Boise",
        "America/Cambridge_Bay", "America/Chicago", "America/Ciudad_Juarez", "America/Denver",
        "America/Detroit", "America/Edmonton", "America/Ensenada", "America/Fort_Wayne",
        "America/Glace_Bay", "America/Goose_Bay", "America/Grand_Turk", "America/Halifax",
        "America/Indiana/Indianapolis", "America/Indiana/Knox", "America/Indiana/Marengo",
        "America/Indiana/Petersburg", "America/Indiana/Tell_City", "America/Indiana/Vevay",
        "America/Indiana/Vincennes", "America/Indiana/Winamac", "America/Indianapolis",
        "America/Inuvik", "America/Iqaluit", "America/Juneau", "America/Kentucky/Louisville",
        "America/Kentucky/Monticello", "America/Knox_IN", "America/Los_Angeles",
        "America/Louisville", "America/Matamoros", "America/Menominee", "America/Metlakatla",
        "America/Miquelon", "America/Moncton", "America/Montreal", "America/Nassau",
        "America/New_York", "America/Nipigon", "America/Nome", "America/North_Dakota/Beulah",
        "America/North_Dakota/Center", "America/North_Dakota/New_Salem", "America/Ojinaga",
        "America/Pangnirtung", "America/Port-au-Prince", "America/Rainy_River",
        "America/Rankin_Inlet", "America/Resolute", "America/Santa_Isabel", "America/Shiprock",
        "America/Sitka", "America/St_Johns", "America/Thule", "America/Thunder_Bay",
        "America/Tijuana", "America/Toronto", "America/Vancouver", "America/Winnipeg",
        "America/Yakutat", "America/Yellowknife", "Antarctica/Troll", "Asia/Gaza", "Asia/Hebron",
        "Asia/Jerusalem", "Asia/Tel_Aviv", "Atlantic/Bermuda", "Australia/LHI",
        "Australia/Lord_Howe", "CST6CDT", "Canada/Atlantic", "Canada/Central", "Canada/Eastern",
        "Canada/Mountain", "Canada/Newfoundland", "Canada/Pacific", "EST5EDT", "Israel", "MST7MDT",
        "Mexico/BajaNorte", "Navajo", "PST8PDT", "US/Alaska", "US/Aleutian", "US/Central",
        "US/East-Indiana", "US/Eastern", "US/Indiana-Starke", "US/Michigan", "US/Mountain",
        "US/Pacific",
    ]),
    (&[2], &[
        "Africa/Casablanca", "Africa/Ceuta", "Africa/El_Aaiun", "Antarctica/Macquarie",
        "Antarctica/McMurdo", "Antarctica/South_Pole", "Arctic/Longyearbyen", "Atlantic/Jan_Mayen",
        "Australia/ACT", "Australia/Adelaide", "Australia/Broken_Hill", "Australia/Canberra",
        "Australia/Currie", "Australia/Hobart", "Australia/Melbourne", "Australia/NSW",
        "Australia/South", "Australia/Sydney", "Australia/Tasmania", "Australia/Victoria",
        "Australia/Yancowinna", "CET", "Europe/Amsterdam", "Europe/Andorra", "Europe/Belgrade",
        "Europe/Berlin", "Europe/Bratislava", "Europe/Brussels", "Europe/Budapest",
        "Europe/Busingen", "Europe/Chisinau", "Europe/Copenhagen", "Europe/Gibraltar",
        "Europe/Ljubljana", "Europe/Luxembourg", "Europe/Madrid", "Europe/Malta", "Europe/Monaco",
        "Europe/Oslo", "Europe/Paris", "Europe/Podgorica", "Europe/Prague", "Europe/Rome",
        "Europe/San_Marino", "Europe/Sarajevo", "Europe/Skopje", "Europe/Stockholm",
        "Europe/Tirane", "Europe/Tiraspol", "Europe/Vaduz", "Europe/Vatican", "Europe/Vienna",
        "Europe/Warsaw", "Europe/Zagreb", "Europe/Zurich", "MET", "NZ", "Pacific/Auckland",
        "Pacific/Norfolk", "Poland",
    ]),
    (&[2, 3], &[
        "NZ-CHAT", "Pacific/Chatham",
    ]),
    (&[3], &[
        "Asia/Famagusta", "Asia/Nicosia", "EET", "Europe/Athens", "Europe/Bucharest",
        "Europe/Helsinki", "Europe/Kiev", "Europe/Kyiv", "Europe/Mariehamn", "Europe/Nicosia",
        "Europe/Riga", "Europe/Sofia", "Europe/Tallinn", "Europe/Uzhgorod", "Europe/Vilnius",
        "Europe/Zaporozhye",
    ]),
    (&[21, 22], &[
        "Chile/EasterIsland", "Pacific/Easter",
    ]),
    (&[23], &[
        "America/Godthab", "America/Nuuk", "America/Scoresbysund",
    ]),
];

/// The local hours that a change of clocks skips or repeats in `zone`; none where clocks never change.
pub(super) fn changing_hours(zone: &str) -> &'static [u8] {
    let hit = CHANGING.iter().find(|(_, zones)| zones.binary_search(&zone).is_ok());
    hit.map_or(&[], |(hours, _)| hours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_sorted_and_known() {
        for (_, zones) in CHANGING {
            assert!(zones.is_sorted(), "{zones:?}");
            for zone in *zones {
                let known = <crate::value::TimeZone as crate::value::Value>::parse(zone);
                assert!(known.is_ok(), "{zone}");
            }
        }
        assert_eq!(changing_hours("Europe/Berlin"), [2]);
        assert_eq!(changing_hours("America/New_York"), [1, 2]);
        assert!(changing_hours("Etc/UTC").is_empty() && changing_hours("Asia/Tokyo").is_empty());
    }
}
