/* search.*: one box over people and everything that was ever written. */
#include "api/method.h"
#include "api/search_run.h"
#include "api/shapes.h"
#include "base/clock.h"
#include "base/text.h"

#define SHOWN_STANDARD 20

static SHAPE(SEARCH, search_params, "SearchParams", "What to find.",
    TEXT_REQ(search_params, query, "query", QUERY_BYTES_MAX, "Words (singular or plural), \"words that stand together\", -without, names (typos are forgiven), addresses and parts of them, phone, order and tracking numbers in any spelling or by their last four digits or more."),
    TEXTS(search_params, media, "media", 20, "Only entries of these media."),
    TEXTS(search_params, kinds, "kinds", 20, "Only entries of these kinds."),
    TIME(search_params, from, "from", "Only entries since then."),
    TIME(search_params, to, "to", "Only entries before then."),
    UUID(search_params, agent_id, "agent_id", "Only entries of this agent."),
    UUID(search_params, channel_id, "channel_id", "Only entries of this channel."),
    TEXT(search_params, tag, "tag", 60, "Only entries of people or conversations with this tag."),
    TEXTS(search_params, status, "status", 3, "Only entries in conversations that stand so now: open, snoozed, resolved."),
    INT(search_params, limit, "limit", 1, 50, "At most so many people, or conversations; default 20."),
    TEXT(search_params, before, "before", 40, "`cursor` of an earlier answer: what is older."));
static SHAPE(MARK, mark, "Mark", "A part of a text, in UTF-16 units.",
    INT(mark, start, "start", 0, 0, "Where it begins."),
    INT(mark, end, "end", 0, 0, "Where it ends."));
static SHAPE(REASON, shown_reason, "SearchReason", "In what, and how, something was found.",
    ENUM_REQ(shown_reason, in, "found_in", FOUND_IN_NAMES, "Of a person: name, other_name, identity, profile, attribute, tag. Of an entry: text, subject, file, order_number, tracking, item, detail (what a provider has told besides), writer (who wrote is called so)."),
    TEXT(shown_reason, name, "name", 254, "Of an identity its kind, of a profile's text its name (company, about), of an attribute or a detail its name."),
    ENUM_REQ(shown_reason, as, "found_as", FOUND_AS_NAMES, "word: as it was typed; beginning: of a word that was not typed to its end; number: in another spelling; ending: of a number; address: a part of it; form: singular or plural; similar: but for a typo."),
    TEXT(shown_reason, text, "text", 1000, "One line of what was found; of an entry's text it is the hit's `snippet`."),
    LIST(shown_reason, marks, "marks", &MARK, 0, "What was asked for, in `text`."));
static SHAPE(HIT, shown_hit, "SearchHit", "An entry that was found.",
    UUID_REQ(shown_hit, entry_id, "entry_id", "The entry."),
    UUID_REQ(shown_hit, identity_id, "identity_id", "What it is filed under."),
    TIME(shown_hit, occurred_at, "occurred_at", "When it happened."),
    ENUM_REQ(shown_hit, medium, "medium", MEDIUM_NAMES, "By what means."),
    ENUM_REQ(shown_hit, kind, "kind", ENTRY_KIND_NAMES, "What it is."),
    ENUM_REQ(shown_hit, direction, "direction", DIRECTION_NAMES, "From the person, to the person, or among us."),
    TEXT(shown_hit, subject, "subject", 1000, "Subject."),
    TEXT(shown_hit, snippet, "snippet", 1000, "One line around what was found; plain text."),
    LIST(shown_hit, marks, "marks", &MARK, 0, "The words that were asked for, in `snippet`."),
    LIST(shown_hit, reasons, "reasons", &REASON, 0, "Why it was found: at most four."));
static SHAPE(PERSON, shown_person, "SearchPerson", "A person, and what was found of them.",
    UUID_REQ(shown_person, customer_id, "customer_id", "The person."),
    TEXT(shown_person, name, "name", 254, "Name, or what else is known."),
    LIST(shown_person, name_marks, "name_marks", &MARK, 0, "What was asked for, in `name`."),
    TEXT(shown_person, matched, "matched", 254, "Another name, an address or a number that was asked for."),
    LIST(shown_person, reasons, "reasons", &REASON, 0, "Why the person was found: at most four; empty when only their entries hold it."),
    TIME(shown_person, last_at, "last_at", "Last contact."),
    TEXTS(shown_person, media, "media", 0, "Media of the person's identities."),
    LIST(shown_person, hits, "hits", &HIT, 0, "Newest first; empty when only the person matches."),
    BOOL(shown_person, more_hits, "more_hits", "There are more of this person."));
static SHAPE(RESULT, search_result, "SearchResult", "What was found: first the people who are called so, then those whose entries hold it, newest first. A person may come again, with older entries, in the next answer.",
    LIST(search_result, people, "people", &PERSON, 0, "At most `limit`."),
    BOOL(search_result, more, "more", "There are older entries: ask again with before = cursor."),
    TEXT(search_result, cursor, "cursor", 40, "Where to go on."),
    BOOL(search_result, complete, "complete", "False: entries may be missing, as the index is still being made or its disk is full."),
    INT(search_result, progress, "progress", 0, 0, "How much of it is made, in per cent."),
    INT(search_result, took_ms, "took_ms", 0, 0, "Milliseconds."));

static SHAPE(CONVERSATION_FOUND, shown_conversation, "SearchConversation", "A conversation, and what was found in it.",
    OBJECT(shown_conversation, conversation, "conversation", &CONVERSATION_SHAPE, "As it is now.", REQUIRED),
    LIST(shown_conversation, hits, "hits", &HIT, 0, "Newest first."),
    BOOL(shown_conversation, more_hits, "more_hits", "There are more in it."));
static SHAPE(CONVERSATIONS_FOUND, search_result, "SearchConversations", "Conversations whose entries hold what was asked for, by the newest of these. One may come again, with older entries, in the next answer.",
    LIST(search_result, conversations, "conversations", &CONVERSATION_FOUND, 0, "At most `limit`."),
    BOOL(search_result, more, "more", "There are older entries: ask again with before = cursor."),
    TEXT(search_result, cursor, "cursor", 40, "Where to go on."),
    BOOL(search_result, complete, "complete", "False: entries may be missing, as the index is still being made or its disk is full."),
    INT(search_result, progress, "progress", 0, 0, "How much of it is made, in per cent."),
    INT(search_result, took_ms, "took_ms", 0, 0, "Milliseconds."));

/* What narrows entries says nothing of people. */
static bool asks_for_people(const struct searching *s, const struct search_params *p)
{
    return !s->by_conversation && !p->before && !p->kinds.n && !p->from && !p->to && !p->status.n &&
           uuid_is_none(&p->agent_id) && uuid_is_none(&p->channel_id) && text_is_blank(p->tag);
}

static bool run_search(struct searching *s, const struct search_params *p, struct search_result *result)
{
    struct call *call = s->call;
    query_parse(s->a, p->query, call->desk->search, &s->query);
    if (s->query.n_wanted == 0)
        return call_refuse(call, "query", no_words, "query");
    s->next = p->before ? strtoll(p->before, NULL, 10) : 0;
    if (p->before && s->next <= 0)
        return call_refuse(call, "before", wrong_cursor);
    s->marker = marker_new(s->a, &s->query, call->desk->search);
    if (!search_read_filter(s, p))
        return false;
    if (asks_for_people(s, p)) {
        search_find_people(s);
        search_choose_people(s);
    }
    search_find_entries(s);
    search_fill_up(s);
    search_show_hits(s);
    if (s->by_conversation) {
        search_show_conversations(s, &result->conversations);
    } else {
        search_show_people(s);
        result->people = s->people;
    }
    result->more = s->more;
    result->cursor = s->more ? arena_printf(s->a, "%lld", (long long)s->next) : NULL;
    return call_db_fine(call);
}

static bool find_all(struct call *call, bool by_conversation)
{
    const struct search_params *p = call->params;
    struct search_result *result = call->result;
    int64_t began = clock_monotonic();
    struct searching s = {.call = call,
                          .a = call->arena,
                          .by_conversation = by_conversation,
                          .limit = (size_t)page_limit(p->limit, SHOWN_STANDARD)};
    s.finder = filter_finder(call);
    if (!s.finder)
        return false;
    result->progress = finder_progress(s.finder);
    bool fine = run_search(&s, p, result);
    result->complete = result->progress == 100 && !search_metrics.unwritten && !finder_was_cut(s.finder);
    finder_free(s.finder);
    result->took_ms = clock_monotonic() - began;
    return fine;
}

static bool search_for_people(struct call *call)
{
    return find_all(call, false);
}

static bool search_for_conversations(struct call *call)
{
    return find_all(call, true);
}

METHODS(SEARCH_METHODS,
    METHOD("search.query", "Finds people and entries; grouped by person, with what was asked for marked.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &SEARCH, &RESULT, search_for_people),
    METHOD("search.conversations", "Finds entries; grouped by conversation, with what was asked for marked.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &SEARCH, &CONVERSATIONS_FOUND, search_for_conversations));
