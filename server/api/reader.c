/* reader.*: who follows the log of changes within, and what they could not deal with. */
#include "store/reader.h"
#include "api/method.h"
#include "api/shapes.h"

#define ASIDES_SHOWN 100

struct reader_list {
    struct list readers;   /* struct reader_state */
    struct list set_aside; /* struct reader_aside */
};

static SHAPE(STATE, reader_state, "LogReader", "One that follows the log of changes for all servers.",
    TEXT_REQ(reader_state, name, "name", 32, "contact_days: counts contacts by day, for customer.overview and customer.journey."),
    TEXT_REQ(reader_state, setting, "setting", 64, "By which setting it makes what it makes: of contact_days, the time zone of the days."),
    INT_REQ(reader_state, lag.rows, "behind", 0, 0, "Rows of the log that it has not read yet."),
    INT_REQ(reader_state, lag.ms, "behind_ms", 0, 0, "How long ago the first of them was written."),
    BOOL(reader_state, anew, "anew", "It makes all that it has made anew: it is new, was behind for too long, or its setting has changed."),
    INT_REQ(reader_state, aside, "set_aside", 0, 0, "Rows that it could not deal with."));
static SHAPE(ASIDE, reader_aside, "LogAside", "A row of the log that a reader could not deal with; it has gone on behind it.",
    TEXT_REQ(reader_aside, reader, "reader", 32, "Which."),
    INT_REQ(reader_aside, seq, "seq", 0, 0, "The number of the row, as in event.list."),
    TEXT_REQ(reader_aside, changes, "changes", 0, "What it tells, as it is stored."),
    TEXT_REQ(reader_aside, problem, "problem", 500, "Why, in English, for whoever runs the server; its log says more."),
    TIME_REQ(reader_aside, at, "at", "When it was set aside."));
static SHAPE(READER_LIST, reader_list, "LogReaderList", "Who follows the log of changes within.",
    LIST(reader_list, readers, "readers", &STATE, 0, "All of them."),
    LIST(reader_list, set_aside, "set_aside", &ASIDE, 0, "The last 100, newest first."));

static bool list_readers(struct call *call)
{
    struct reader_list *r = call->result;
    r->readers = reader_states(call->db, call->arena, call->now);
    r->set_aside = reader_asides(call->db, call->arena, ASIDES_SHOWN);
    return call_db_fine(call);
}

METHODS(READER_METHODS,
    METHOD("reader.list", "Who follows the log of changes within, how far behind they are, and what they could not deal with.", ROLE_ADMIN, METHOD_READS, EFFECT_NONE, &EMPTY_SHAPE, &READER_LIST, list_readers));
