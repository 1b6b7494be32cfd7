#include "web/metrics.h"

#include "base/clock.h"
#include "deliver/deliver.h"
#include "desk/ground/blob.h"
#include "desk/ingest/lane.h"
#include "parser/parser.h"
#include "picture/picture.h"
#include "scan/scan.h"
#include "search/search.h"
#include "store/channel.h"
#include "store/due.h"
#include "store/outbox.h"
#include "task/readers.h"
#include "web/call/rpc.h"
#include "web/http/conns.h"
#include "web/hub/fanout.h"
#include "web/hub/hub.h"
#include "web/lmtp/lmtp.h"
#include "web/lmtp/mail.h"
#include "web/loop/work.h"
#include "web/state/server.h"
#include "web/webhook.h"

#include <inttypes.h>

static void metrics_head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP throughline_%s %s\n# TYPE throughline_%s %s\n", name, help, name, type);
}

static void metrics_line(struct buf *out, const char *name, const char *type, const char *help, uint64_t value)
{
    metrics_head(out, name, type, help);
    buf_printf(out, "throughline_%s %" PRIu64 "\n", name, value);
}

static void bus_text(const struct fanout *f, struct buf *out)
{
    struct fanout_state b = fanout_state(f);
    metrics_line(out, "bus_connected", "gauge", "1 while NATS can be reached.", b.connected);
    metrics_line(out, "bus_peers", "gauge", "Other server processes that are heard.", b.peers);
    metrics_line(out, "bus_sent_total", "counter", "Messages sent to the other processes.", b.sent);
    metrics_line(out, "bus_received_total", "counter", "Messages of the other processes.", b.received);
    metrics_line(out, "bus_dropped_total", "counter", "Messages that could not be sent.", b.dropped);
    metrics_line(out, "bus_refused_total", "counter", "Messages that were not understood.", b.refused);
    metrics_line(out, "bus_overrun_total", "counter", "Messages that came faster than they could be taken.", b.overrun);
    metrics_line(out, "bus_missed_total", "counter", "Times that screens were told to read again.", b.missed);
}

static void counters_text(struct buf *out)
{
    const struct {
        const char *name, *help;
        uint64_t value;
    } counters[] = {
        {"http_requests_total", "HTTP requests.", http_metrics.requests},
        {"http_refused_total", "HTTP requests refused before they were looked at.", http_metrics.refused},
        {"webhooks_accepted_total", "Provider calls that were committed.", webhook_metrics.accepted},
        {"webhooks_refused_total", "Provider calls whose signature did not hold.", webhook_metrics.refused},
        {"webhooks_not_understood_total", "Provider calls kept for a retry.", webhook_metrics.failed},
        {"webhooks_later_total", "Provider calls answered with: try again.", webhook_metrics.later},
        {"lmtp_accepted_total", "Mails by LMTP that were committed, one for each channel.", lmtp_metrics.taken},
        {"lmtp_not_understood_total", "Mails by LMTP kept for a retry.", lmtp_metrics.failed},
        {"lmtp_later_total", "Mails by LMTP answered with: try again.", lmtp_metrics.later},
        {"lmtp_unknown_total", "Recipients of mails by LMTP that no channel has.", lmtp_metrics.unknown},
        {"api_calls_total", "API calls.", call_metrics.calls},
        {"api_calls_failed_total", "API calls that were refused or failed.", call_metrics.failed},
        {"messages_pushed_total", "Messages sent to WebSockets.", socket_metrics.pushed},
        {"ingest_batches_total", "Transactions of the ingest.", ingest_metrics.batches},
        {"ingest_inputs_total", "Inputs committed.", ingest_metrics.intakes},
        {"ingest_entries_created_total", "Entries written.", ingest_metrics.created},
        {"ingest_entries_changed_total", "Entries changed by receipts and newer states.", ingest_metrics.changed},
        {"ingest_repeats_total", "Inputs that were known already.", ingest_metrics.repeated},
        {"ingest_failed_total", "Inputs journalled as not understood.", ingest_metrics.failed},
        {"people_created_total", "New people.", ingest_metrics.people},
        {"deliveries_sent_total", "Answers handed to providers.", deliver_metrics.sent},
        {"deliveries_retried_total", "Tries that were put off.", deliver_metrics.retried},
        {"deliveries_failed_total", "Answers refused for good.", deliver_metrics.failed},
        {"database_conflicts_total", "Transactions undone for a deadlock or a Galera conflict, and run again.",
         db_metrics.conflicts},
        {"search_entries_indexed_total", "Entries read by the search index.", search_metrics.entries},
        {"search_queries_total", "Searches of the index.", search_metrics.queries},
        {"search_cut_total", "Searches that were ended by their time limit or a failure.", search_metrics.slow},
        {"inputs_parsed_total", "Inputs taken apart in a process of their own.", parser_metrics.parsed},
        {"parser_processes_ended_total", "Processes that an input has ended, or that did not answer in time.",
         parser_metrics.killed},
        {"parser_given_up_total", "Inputs that ended the process each time they were tried.", parser_metrics.given_up},
        {"signatures_verified_total", "Signed mails of which somebody may be known who signed them.",
         parser_metrics.verified},
        {"thumbnails_made_total", "Small copies of pictures that were made.", picture_metrics.made},
        {"thumbnails_none_total", "Files of which none could be made.", picture_metrics.none},
        {"picture_processes_ended_total", "Processes that a picture has ended, or that did not answer in time.",
         picture_metrics.killed},
        {"files_scanned_total", "Files that the virus scanner has looked at.", scan_metrics.scanned},
        {"files_infected_total", "Files in which it has found something.", scan_metrics.infected},
        {"files_unscannable_total", "Files that are larger than it takes.", scan_metrics.too_large},
        {"scans_failed_total", "Times that it did not answer, or not so that it could be understood.",
         scan_metrics.failed},
        {"deliveries_uncertain_total", "Answers that may or may not have been accepted.", deliver_metrics.uncertain},
    };
    for (size_t i = 0; i < COUNT_OF(counters); i++)
        metrics_line(out, counters[i].name, "counter", counters[i].help, counters[i].value);
}

static void due_text(struct buf *out)
{
    metrics_head(out, "due_waiting", "gauge", "What is to happen at a time, on all servers.");
    for (size_t i = 0; i < DUE_WHATS_; i++)
        buf_printf(out, "throughline_due_waiting{what=\"%s\"} %" PRIu64 "\n", DUE_KINDS[i].name,
                   due_metrics[i].waiting);
    metrics_head(out, "outbox_oldest_seconds", "gauge",
                 "How long the oldest answer waits that has not left, of channels that are on.");
    buf_printf(out, "throughline_outbox_oldest_seconds %.3f\n", (double)outbox_metrics.oldest_ms / 1000);
    metrics_head(out, "due_late_seconds", "gauge", "How long ago the first of it should have happened.");
    for (size_t i = 0; i < DUE_WHATS_; i++)
        buf_printf(out, "throughline_due_late_seconds{what=\"%s\"} %.3f\n", DUE_KINDS[i].name,
                   (double)due_metrics[i].late_ms / 1000);
}

static void broken_channels_text(struct buf *out)
{
    metrics_head(out, "channels_broken", "gauge",
                 "Channels that are switched on and cannot take in, or send, of all servers.");
    buf_printf(out, "throughline_channels_broken{direction=\"in\"} %" PRIu64 "\n", channel_metrics.broken_in);
    buf_printf(out, "throughline_channels_broken{direction=\"out\"} %" PRIu64 "\n", channel_metrics.broken_out);
}

/* The search index is this process' own; the others are one for all servers. */
static void readers_text(struct buf *out)
{
    const struct {
        const char *name, *help;
    } gauges[] = {
        {"reader_behind_rows", "Rows of the log of changes that a reader has not read yet."},
        {"reader_behind_seconds", "Since when the first of them is there."},
        {"reader_set_aside", "Rows that a reader could not deal with."},
    };
    for (size_t i = 0; i < COUNT_OF(gauges); i++) {
        metrics_head(out, gauges[i].name, "gauge", gauges[i].help);
        const uint64_t search[] = {search_metrics.behind, search_metrics.behind_ms / SECOND_MS, 0};
        buf_printf(out, "throughline_%s{reader=\"search\"} %" PRIu64 "\n", gauges[i].name, search[i]);
        for (size_t k = 0; k < READERS_; k++) {
            const struct reader_metrics *m = &reader_metrics[k];
            const uint64_t values[] = {m->behind, m->behind_ms / SECOND_MS, m->aside};
            buf_printf(out, "throughline_%s{reader=\"%s\"} %" PRIu64 "\n", gauges[i].name, READERS[k].name, values[i]);
        }
    }
}

static void gauges_text(const struct server *s, struct buf *out)
{
    metrics_line(out, "connections", "gauge", "Connections, with WebSockets.", conns_count(s->http.conns));
    metrics_line(out, "lmtp_connections", "gauge", "Mail servers connected by LMTP.", lmtp_relays(s->lmtp));
    metrics_line(out, "agent_sockets", "gauge", "Consoles connected.", s->hub->screens.n_agents);
    metrics_line(out, "visitor_sockets", "gauge", "Widgets connected.", s->hub->screens.n_visitors);
    metrics_line(out, "timeline_watches", "gauge", "Timelines watched.", s->hub->topics.n_watches);
    metrics_line(out, "parser_waiting", "gauge", "Inputs that wait to be taken apart.", parser_metrics.waiting);
    metrics_line(out, "thumbnails_waiting", "gauge", "Pictures that wait to be made small.", picture_metrics.waiting);
    metrics_line(out, "lanes_waiting", "gauge", "Inputs that wait for a lane.", lanes_waiting(s->lanes));
    metrics_line(out, "jobs_running", "gauge", "Jobs on workers or waiting for one.", work_running(s->work));
    metrics_line(out, "search_complete_percent", "gauge", "How much of the search index is made.",
                 search_metrics.progress);
    metrics_line(out, "search_unwritten", "gauge",
                 "1 while the search index does not take what has changed: its disk is full.",
                 search_metrics.unwritten);
    metrics_line(out, "request_bytes", "gauge", "Bytes of request bodies under way.", (uint64_t)s->http.bodies.total);
    metrics_line(out, "files_full", "gauge", "1 while the disk of the files is full.", blob_is_full());
    metrics_line(out, "database_full", "gauge", "1 while the disk of the database is full.", db_is_full());
    int64_t away = scan_metrics.away_since;
    metrics_line(out, "scanner_away_seconds", "gauge", "So long the virus scanner has not answered; 0: it has.",
                 away ? (uint64_t)((clock_monotonic() - away) / SECOND_MS + 1) : 0);
    due_text(out);
    broken_channels_text(out);
    if (s->fanout)
        bus_text(s->fanout, out);
    metrics_line(out, "database_ready", "gauge", "1 while the database answers.", s->database_ready);
}

void metrics_text(const struct server *s, struct buf *out)
{
    counters_text(out);
    gauges_text(s, out);
    readers_text(out);
}
