#include "api/method.h"

unsigned method_scopes(const struct method *method)
{
    static const struct {
        unsigned flag;
        enum token_scope scope;
    } ROWS[] = {{METHOD_READS, TOKEN_READ}, {METHOD_SENDS, TOKEN_SEND}, {METHOD_PUTS, TOKEN_PUT}};
    unsigned scopes = method->needs == ROLE_VISITOR ? 0 : TOKEN_ADMINISTER;
    for (size_t i = 0; i < COUNT_OF(ROWS); i++)
        scopes |= method->flags & ROWS[i].flag ? ROWS[i].scope : 0u;
    return scopes;
}

bool caller_has_scope(const struct caller *caller, unsigned scopes)
{
    return uuid_is_none(&caller->token_id) || (caller->token_scopes & (scopes | TOKEN_ADMINISTER));
}

static bool role_allows(const struct method *method, enum role role)
{
    if (method->needs == ROLE_VISITOR || role == ROLE_VISITOR)
        return method->needs == role;
    return role >= method->needs;
}

bool method_allows(const struct method *method, const struct caller *caller)
{
    if (method->needs == ROLE_NONE)
        return true;
    if (uuid_is_none(&caller->token_id) || (caller->token_scopes & TOKEN_ADMINISTER))
        return role_allows(method, caller->role);
    unsigned both = method_scopes(method) & caller->token_scopes;
    return (both & TOKEN_PUT) || (both && role_allows(method, caller->role));
}

bool method_refuse(const struct method *method, const struct caller *caller, struct error *err)
{
    if (caller->role == ROLE_NONE)
        return error_set(err, NULL, not_logged_in, method->name, ROLE_NAMES[method->needs]);
    if (role_allows(method, caller->role))
        return error_set(err, NULL, scope_missing, method->name);
    return error_set(err, NULL, role_missing, method->name, ROLE_NAMES[method->needs]);
}
