#include "channel/mime_calendar.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "channel/kit.h"

#include <libical/ical.h>
#include <strings.h>

#define TEXT_KEPT 1000
#define DESCRIPTION_KEPT 10000

/* A line with what is folded into it (RFC 5545 §3.1). False: there is none. */
static bool next_unfolded(const char **at, struct buf *ret)
{
    const char *p = *at;
    buf_clear(ret);
    if (!*p)
        return false;
    for (bool more = true; more;) {
        size_t n = strcspn(p, "\r\n");
        buf_add(ret, p, n);
        p += n;
        p += *p == '\r';
        p += *p == '\n';
        more = *p == ' ' || *p == '\t';
        p += more;
    }
    *at = p;
    return true;
}

static bool begins(const struct buf *line, const char *word)
{
    return line->len >= strlen(word) && strncasecmp(line->data, word, strlen(word)) == 0;
}

/* The clocks of a zone change once a year, and not every second. */
static bool is_wild_rule(const struct buf *line, bool in_zone)
{
    return in_zone && (begins(line, "RRULE") || begins(line, "RDATE")) && !strcasestr(line->data, "FREQ=YEARLY");
}

/* Unfolded, without what libical would choke on. NULL: it is none, or is nested deeper than any calendar. */
static const char *bounded(struct arena *a, const char *text)
{
    AUTO_BUF struct buf out = {0};
    AUTO_BUF struct buf line = {0};
    int depth = 0, zone = 0; /* the depth of the zone that is open */
    bool any = false;
    while (next_unfolded(&text, &line)) {
        if (begins(&line, "BEGIN:") && ++depth > CALENDAR_DEPTH_MAX)
            return NULL;
        if (begins(&line, "BEGIN:VTIMEZONE") && !zone)
            zone = depth;
        any = any || depth > 0;
        if (line.len <= CALENDAR_LINE_MAX && !is_wild_rule(&line, zone > 0))
            buf_printf(&out, "%s\r\n", line.data ? line.data : "");
        if (!begins(&line, "END:"))
            continue;
        zone = depth == zone ? 0 : zone;
        if (--depth < 0)
            return NULL;
    }
    return any ? arena_strndup(a, out.data, out.len) : NULL;
}

static icalcomponent *first_event(icalcomponent *calendar)
{
    static const icalcomponent_kind KINDS[] = {ICAL_VEVENT_COMPONENT, ICAL_VTODO_COMPONENT, ICAL_VJOURNAL_COMPONENT};
    for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
        icalcomponent *found =
            icalcomponent_isa(calendar) == KINDS[i] ? calendar : icalcomponent_get_first_component(calendar, KINDS[i]);
        if (found)
            return found;
    }
    return NULL;
}

static void put_calendar_text(struct arena *a, struct json_object *to, const char *name, const char *value, size_t max)
{
    payload_text(to, name, text_cut(a, value, max));
}

/* libical has its zones in the calendar itself; what names one that is not in it is told as the clock shows it there. */
static void put_when(struct json_object *to, const char *name, icalproperty *property, icalcomponent *calendar)
{
    char text[TIME_TEXT_SIZE];
    if (!property)
        return;
    struct icaltimetype at = icalproperty_get_datetime_with_component(property, calendar);
    if (icaltime_is_null_time(at) || !icaltime_is_valid_time(at))
        return;
    if (icaltime_is_date(at)) {
        snprintf(text, sizeof(text), "%04d-%02d-%02d", at.year, at.month, at.day);
    } else if (at.zone) {
        time_format((int64_t)icaltime_as_timet_with_zone(at, at.zone) * SECOND_MS, text);
    } else {
        snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d", at.year, at.month, at.day, at.hour, at.minute,
                 at.second);
    }
    payload_text(to, name, text);
}

static icalproperty *property_of(icalcomponent *event, icalproperty_kind kind)
{
    return icalcomponent_get_first_property(event, kind);
}

/* "mailto:ann@example.com", with the name beside it. */
static void put_organizer(struct arena *a, struct json_object *to, icalcomponent *event)
{
    icalproperty *organizer = property_of(event, ICAL_ORGANIZER_PROPERTY);
    icalparameter *cn = organizer ? icalproperty_get_first_parameter(organizer, ICAL_CN_PARAMETER) : NULL;
    const char *address = organizer ? icalproperty_get_organizer(organizer) : NULL;
    const char *name = cn ? icalparameter_get_cn(cn) : NULL;
    if (address && strncasecmp(address, "mailto:", 7) == 0)
        address += 7;
    if (name && address)
        put_calendar_text(a, to, "organizer", arena_printf(a, "%s <%s>", name, address), TEXT_KEPT);
    else
        put_calendar_text(a, to, "organizer", address ? address : name, TEXT_KEPT);
}

static const char *calendar_json(struct arena *a, icalcomponent *calendar, icalcomponent *event)
{
    struct json_object *to = payload_new(a);
    icalproperty *ends = property_of(event, ICAL_DTEND_PROPERTY), *method = property_of(calendar, ICAL_METHOD_PROPERTY);
    icalproperty *repeats = property_of(event, ICAL_RRULE_PROPERTY);
    icalproperty *status = property_of(event, ICAL_STATUS_PROPERTY);
    if (method)
        payload_text(to, "method", text_lower_ascii(a, icalproperty_get_value_as_string(method)));
    put_calendar_text(a, to, "summary", icalcomponent_get_summary(event), TEXT_KEPT);
    put_when(to, "starts", property_of(event, ICAL_DTSTART_PROPERTY), calendar);
    put_when(to, "ends", ends ? ends : property_of(event, ICAL_DUE_PROPERTY), calendar);
    put_calendar_text(a, to, "location", icalcomponent_get_location(event), TEXT_KEPT);
    put_organizer(a, to, event);
    if (repeats)
        put_calendar_text(a, to, "repeats", icalproperty_get_value_as_string(repeats), TEXT_KEPT);
    if (status)
        payload_text(to, "status", text_lower_ascii(a, icalproperty_get_value_as_string(status)));
    put_calendar_text(a, to, "description", icalcomponent_get_description(event), DESCRIPTION_KEPT);
    return payload_end(a, to);
}

const char *mime_calendar(struct arena *a, const char *utf8)
{
    const char *text = strlen(utf8) > CALENDAR_BYTES_MAX ? NULL : bounded(a, utf8);
    if (!text)
        return NULL;
    icalerror_set_errors_are_fatal(0);
    icalcomponent *calendar = icalparser_parse_string(text);
    icalcomponent *event = calendar ? first_event(calendar) : NULL;
    const char *json = event ? calendar_json(a, calendar, event) : NULL;
    if (calendar)
        icalcomponent_free(calendar);
    return json;
}
