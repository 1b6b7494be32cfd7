#include "desk/act/attached.h"

#include "desk/conversation/rules.h"
#include "desk/ground/blob.h"
#include "desk/ground/scan.h"
#include "parser/parser.h"
#include "store/entry.h"

#include <json-c/json.h>
#include <strings.h>

static bool is_mail(const struct attachment *file)
{
    size_t n = file->name ? strlen(file->name) : 0;
    return file->type && (strcmp(file->type, "message/rfc822") == 0 || strcmp(file->type, "message/global") == 0 ||
                          (n > 4 && strcasecmp(file->name + n - 4, ".eml") == 0));
}

static bool may_open(struct act *act, const char *sha256)
{
    struct file_scan scan = scan_of_wanted(act->desk, act->db, act->a, sha256, act->now);
    return scan_lets_through(&scan, "sha256", act->err);
}

static bool find_mail(struct act *act, const struct uuid *entry, const char *sha256)
{
    struct entry *e = entry_get(act->db, act->a, entry);
    struct list files = e && entry_may_read(e, act->role) ? entry_files(act->a, e) : (struct list){0};
    for (size_t i = 0; i < files.n; i++) {
        const struct attachment *file = (struct attachment *)files.items + i;
        if (file->sha256 && strcmp(file->sha256, sha256) == 0)
            return (is_mail(file) || error_set(act->err, "sha256", no_mail)) && may_open(act, sha256);
    }
    return db_fine(act->db, act->err) && error_set(act->err, e ? "sha256" : "id", no_file);
}

static void fill_from_mail(struct act *act, const struct inbound *in, struct entry *ret)
{
    *ret = (struct entry){.occurred_at = in->occurred_at,
                          .medium = MEDIUM_EMAIL,
                          .kind = ENTRY_MESSAGE,
                          .direction = (int)in->direction,
                          .author_name = in->author_name ? in->author_name : in->from.name,
                          .subject = in->subject,
                          .text = in->text,
                          .html = in->html,
                          .payload = in->payload,
                          .attachments = entry_files_json(act->a, &in->attachments)};
}

bool act_read_attached(struct act *act, const struct uuid *entry, const char *sha256, struct entry *ret)
{
    size_t n = 0;
    struct json_object *settings = json_object_new_object();
    struct channel_account reader = {.type = channel_type_find("email"), .name = "", .settings = settings};
    const char *mail = find_mail(act, entry, sha256) ? blob_read(act->a, act->desk->blob_dir, sha256, &n) : NULL;
    struct web_request request = {.method = "POST",
                                  .query = "",
                                  .content_type = "message/rfc822",
                                  .body = mail,
                                  .body_len = n,
                                  .received_at = act->now};
    struct parse_job job = {.account = &reader, .request = &request, .arena = act->a};
    if (mail)
        parser_run(act->desk->parser, &job);
    json_object_put(settings);
    if (!mail)
        return act->err->code ? false : error_set(act->err, "sha256", file_gone);
    if (job.outcome == PARSE_LATER)
        return error_set(act->err, NULL, parser_busy);
    if (job.list.n == 0)
        return error_set(act->err, "sha256", no_mail);
    const struct inbound *in = job.list.items;
    fill_from_mail(act, in->or_entry ? in->or_entry : in, ret);
    return true;
}
