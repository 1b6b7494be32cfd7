/* import.*: people and orders from files. */
#include "task/import.h"
#include "api/file.h"
#include "api/method.h"
#include "api/security.h"
#include "api/shapes.h"
#include "api/task.h"
#include "channel/inbound.h"

struct import_start {
    const char *upload;
    struct import_params file;
    const char *title;
    struct uuid client_id;
};

struct template_params {
    int what;
    int format;
};

struct template_text {
    const char *text;
};

static SHAPE(START, import_start, "ImportStartParams", "What to import.",
    TEXT_REQ(import_start, upload, "upload", UPLOAD_HANDLE_MAX, "The handle of the file, brought by this caller before (POST /api/v1/attachments)."),
    ENUM_REQ(import_start, file.what, "what", IMPORT_WHAT_NAMES, "What a line is."),
    ENUM_REQ(import_start, file.format, "format", ROW_FORMAT_NAMES, "csv (comma, semicolon or tab; UTF-8, UTF-16, Shift_JIS, EUC-JP or Windows-1252), or jsonl: a JSON object a line."),
    UUID(import_start, file.channel_id, "channel_id", "Orders: the shop. People: the account within which customer numbers are unique."),
    BOOL(import_start, file.dry_run, "dry_run", "Only say what would become of it."),
    TEXT(import_start, title, "title", 200, "What to call it."),
    UUID(import_start, client_id, "client_id", CLIENT_ID_HELP));
static SHAPE(TEMPLATE_PARAMS, template_params, "ImportTemplateParams", "Which template.",
    ENUM_REQ(template_params, what, "what", IMPORT_WHAT_NAMES, "What a line is."),
    ENUM_REQ(template_params, format, "format", ROW_FORMAT_NAMES, "Form of the file."));
static SHAPE(TEMPLATE, template_text, "ImportTemplate", "An example file with every column.",
    ROW(template_text, text, const char *, "text", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_LINES, .help = "Its text."));

static bool check_import(struct call *call, const struct import_params *p)
{
    if (p->what == IMPORT_ORDERS && uuid_is_none(&p->channel_id))
        return call_refuse(call, "channel_id", orders_need_shop);
    if (!uuid_is_none(&p->channel_id) && !accounts_find(call->accounts, &p->channel_id))
        return call_refuse(call, "channel_id", no_channel);
    return import_check(call->desk, p, &call->err);
}

static bool start(struct call *call)
{
    const struct import_start *p = call->params;
    struct import_params file = p->file;
    struct attachment brought = {0};
    if (!file_named(call, p->upload, "upload", &brought))
        return false;
    file.sha256 = brought.sha256;
    if (!check_import(call, &file))
        return false;
    AUTO_BUF struct buf params = {0};
    field_encode(&IMPORT_PARAMS_SHAPE, &file, &params);
    struct task task = {.kind = TASK_IMPORT, .title = p->title ? p->title : "", .params = params.data};
    struct audit audit = audit_of(call, AUDIT_IMPORT, task.title);
    return call_start_task(call, &task, &p->client_id, file.dry_run ? NULL : &audit);
}

static bool give_template(struct call *call)
{
    const struct template_params *p = call->params;
    AUTO_BUF struct buf out = {0};
    columns_template(p->what == IMPORT_ORDERS ? ORDER_COLUMNS : PEOPLE_COLUMNS, (enum row_format)p->format, &out);
    ((struct template_text *)call->result)->text = arena_strdup(call->arena, out.data);
    return true;
}

METHODS(IMPORT_METHODS,
    METHOD("import.start", "Imports people or orders from a file, line by line. Running the same file again changes nothing. Columns with names that are not known are refused here.", ROLE_ADMIN, 0, EFFECT_NONE, &START, &TASK_SHAPE, start, .audits = AUDITS(IMPORT)),
    METHOD("import.template", "An example file with every column.", ROLE_ADMIN, METHOD_READS, EFFECT_NONE, &TEMPLATE_PARAMS, &TEMPLATE, give_template));
