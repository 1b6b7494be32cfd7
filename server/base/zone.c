#include "base/zone.h"

#include "base/clock.h"

#include <glib.h>
#include <string.h>

#define BEGIN_YEAR_MS 0                   /* 1970 */
#define END_YEAR_MS 4102444800000LL       /* 2100 */
#define FARTHEST_MS (26 * HOUR_MS)        /* from a day's midnight in UTC to the same day's anywhere */
#define STEPS_MAX ((size_t)(2 * 2 * 130)) /* Morocco changes its clocks four times in some years */

static int64_t floor_day(int64_t ms)
{
    return ms / DAY_MS - (ms % DAY_MS < 0);
}

/* ---- what the machine knows ---- */

/* Files beside the zones: what browsers do not know, clocks that count leap seconds, and what is none. */
static bool is_beside(const char *name)
{
    static const char *const BESIDE[] = {"posix/", "right/", "posixrules", "localtime", "leapseconds", "Factory"};
    for (size_t i = 0; i < COUNT_OF(BESIDE); i++)
        if (strncmp(name, BESIDE[i], strlen(BESIDE[i])) == 0)
            return true;
    return false;
}

/* GLib takes "+09:00" and "JST-9" as well, which no browser does. */
static bool is_zone_name(const char *name)
{
    if (is_beside(name) || strstr(name, "//"))
        return false;
    static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-";
    const char *more = strchr(name, '/') ? "0123456789+_/" : "";
    bool begins = (name[0] >= 'A' && name[0] <= 'Z') || (name[0] >= 'a' && name[0] <= 'z');
    for (const char *p = name; *p && begins; p++)
        begins = strchr(LETTERS, *p) || strchr(more, *p);
    return begins;
}

static int64_t offset_at(GTimeZone *tz, int64_t at)
{
    int interval = g_time_zone_find_interval(tz, G_TIME_TYPE_UNIVERSAL, at / SECOND_MS);
    return g_time_zone_get_offset(tz, interval) * SECOND_MS;
}

/* The first moment in (from, until] with the offset of `until`. */
static int64_t change_between(GTimeZone *tz, int64_t from, int64_t until)
{
    int64_t then = offset_at(tz, until);
    while (until - from > SECOND_MS) {
        int64_t middle = from + (until - from) / 2 / SECOND_MS * SECOND_MS;
        if (offset_at(tz, middle) == then)
            until = middle;
        else
            from = middle;
    }
    return until;
}

/* Clocks that are set back over midnight are so at the next one. */
static int64_t in_order(int64_t at, int64_t before, int64_t after)
{
    int64_t day = floor_day(at + before);
    return floor_day(at + after) < day ? day * DAY_MS - after : at;
}

static size_t read_steps(GTimeZone *tz, struct zone_step *ret)
{
    size_t n = 1;
    ret[0] = (struct zone_step){INT64_MIN, offset_at(tz, BEGIN_YEAR_MS)};
    for (int64_t at = BEGIN_YEAR_MS; at < END_YEAR_MS && n < STEPS_MAX; at += DAY_MS) {
        int64_t before = ret[n - 1].offset, after = offset_at(tz, at + DAY_MS);
        if (before != after)
            ret[n++] = (struct zone_step){in_order(change_between(tz, at, at + DAY_MS), before, after), after};
    }
    return n;
}

static struct zone *zone_read(const char *name)
{
    struct zone_step steps[STEPS_MAX];
    GTimeZone *tz = is_zone_name(name) ? g_time_zone_new_identifier(name) : NULL;
    if (!tz)
        return NULL;
    size_t n = read_steps(tz, steps), name_size = strlen(name) + 1;
    g_time_zone_unref(tz);
    struct zone *z = mem_alloc(sizeof(*z));
    *z = (struct zone){memcpy(mem_alloc(name_size), name, name_size),
                       memcpy(mem_alloc(n * sizeof(*steps)), steps, n * sizeof(*steps)), n};
    return z;
}

/* ---- those that were asked for ---- */

static GMutex lock;
static GHashTable *known; /* by name; each is kept */

const struct zone *zone_find(const char *name)
{
    g_mutex_lock(&lock);
    if (!known)
        known = g_hash_table_new(g_str_hash, g_str_equal);
    struct zone *z = g_hash_table_lookup(known, name);
    if (!z && (z = zone_read(name)))
        g_hash_table_insert(known, (gpointer)(uintptr_t)z->name, z);
    g_mutex_unlock(&lock);
    return z;
}

const struct zone *zone_of_machine(void)
{
    GTimeZone *tz = g_time_zone_new_local();
    const struct zone *z = zone_find(g_time_zone_get_identifier(tz));
    g_time_zone_unref(tz);
    return z ? z : zone_find("UTC");
}

/* ---- days and moments ---- */

static int64_t offset_of(const struct zone *z, int64_t at)
{
    size_t low = 0, high = z->n_steps;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (z->steps[middle].from <= at)
            low = middle;
        else
            high = middle;
    }
    return z->steps[low].offset;
}

int64_t zone_wall(const struct zone *z, int64_t at)
{
    return at + offset_of(z, at);
}

int64_t zone_day(const struct zone *z, int64_t at)
{
    return floor_day(zone_wall(z, at));
}

int64_t zone_day_begins(const struct zone *z, int64_t day)
{
    int64_t before = day * DAY_MS - FARTHEST_MS, begun = day * DAY_MS + FARTHEST_MS;
    while (begun - before > 1) {
        int64_t middle = before + (begun - before) / 2;
        if (zone_day(z, middle) >= day)
            begun = middle;
        else
            before = middle;
    }
    return begun;
}

int64_t zone_moment(const struct zone *z, int64_t wall)
{
    int64_t first = wall - offset_of(z, wall - DAY_MS), second = wall - offset_of(z, wall + DAY_MS);
    return zone_wall(z, first) == wall || zone_wall(z, second) != wall ? first : second;
}
