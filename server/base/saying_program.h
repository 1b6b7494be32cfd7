/* What the server says to programs alone (base/saying.h has what a row is). Nobody meets these who uses the console or the widget, so those
 * have no words for them but of the kind. */
#pragma once

#define SAYINGS_TO_PROGRAMS(SAYING)                                                                                  \
    SAYING(unknown_field, INVALID, "There is no field %s here; check its spelling.", "field")                        \
    SAYING(wrong_type, INVALID, "%s must be %s.", "field wanted")                                                    \
    SAYING(unknown_name, INVALID, "%s holds \"%.40s\", which is none of its names.", "field value")                  \
    SAYING(no_channel_type, INVALID, "There is no such channel type; channel.types lists them.", "")                 \
    SAYING(unknown_channel, INVALID, "There is no such channel.", "")                                                \
    SAYING(id_taken, CONFLICT, "This id is taken by something else; make a new one.", "")                            \
    SAYING(id_used, CONFLICT, "\"%.100s\" was used before, for something else; what is new needs an id of its own.", \
           "id")                                                                                                     \
    SAYING(sign_in_session, FORBIDDEN, "Somebody signs in by a browser: this needs a session, no token.", "")        \
    SAYING(scope_missing, FORBIDDEN, "The scopes of this token do not let it call %s.", "method")                    \
    SAYING(other_site, FORBIDDEN, "This call comes from another site.", "")                                          \
    SAYING(bad_token, UNAUTHENTICATED, "This token is not valid.", "")                                               \
    SAYING(token_no_agent, FORBIDDEN, "A bearer token is no agent.", "")                                             \
    SAYING(token_no_sessions, INVALID, "A token has no sessions: name the agent.", "")                               \
    SAYING(token_channel, FORBIDDEN, "This token may put nothing into that channel.", "")                            \
    SAYING(token_sends_elsewhere, FORBIDDEN, "This token may send nothing by that channel.", "")                     \
    SAYING(token_send, FORBIDDEN, "Log in as an agent, or take a token with the scope send.", "")                    \
    SAYING(token_files, FORBIDDEN, "The scopes of this token do not reach files.", "")                               \
    SAYING(scope_alone, INVALID, "administer holds all other scopes: give it alone.", "")                            \
    SAYING(scope_channels, INVALID,                                                                                  \
           "channels must be given with the scope put, may be with send, and with nothing else.", "")                \
    SAYING(chat_limit, RATE_LIMITED, "That is a lot at once. Wait a little, then send the rest.", "")                \
    SAYING(chat_connection_limit, RATE_LIMITED, "That is a lot for one connection. Open another one later.", "")     \
    SAYING(watch_limit, CONFLICT, "At most %d timelines at once; unwatch one.", "max")                               \
    SAYING(batch_size, REQUEST, "A batch holds 1 to %d calls.", "max")                                               \
    SAYING(chat_gone, NOT_FOUND, "There is no such chat; check the channel in the script tag.", "")                  \
    SAYING(chat_site, FORBIDDEN, "This chat may not be used on this site.", "")                                      \
    SAYING(chat_token, INVALID, "This is no token of ours; leave it out to get a new one.", "")                      \
    SAYING(chat_hello, UNAUTHENTICATED, "Call chat.hello first.", "")                                                \
    SAYING(chat_nobody, INVALID, "Give an email, a name or a user_id.", "")                                          \
    SAYING(chat_signature, UNAUTHENTICATED, "The signature does not hold, or its time is over.", "")                 \
    SAYING(chat_visitor, UNAUTHENTICATED, "Name the chat's channel and the visitor's token.", "")                    \
    SAYING(visitor_blocked, BLOCKED, "You cannot write here any more.", "")                                          \
    SAYING(setting_text, INVALID, "%s: the setting %s must be a text.", "type setting")                              \
    SAYING(no_setting, INVALID, "%s has no setting %.60s.", "type setting")                                          \
    SAYING(cannot_put_kind, INVALID, "entries[%zu].kind cannot be %s; orders go by orders.put.", "at kind")          \
    SAYING(put_without_course, INVALID,                                                                              \
           "entries[%zu].updated_at: a call, points or a visit has newer states; %s has none.", "at kind")           \
    SAYING(payload_link, INVALID,                                                                                    \
           "entries[%zu].payload: a member called url or …_url must be an http or https address.", "at")             \
    SAYING(payload_wrong, INVALID, "entries[%zu].payload: %s", "at why")                                             \
    SAYING(put_unproven, INVALID, "%s[%zu]: %s cannot be put here: only its channel proves it.", "field at kind")    \
    SAYING(put_value, INVALID, "%s[%zu]: \"%.80s\" is no valid %s.", "field at value kind")                          \
    SAYING(wrong_cursor, INVALID, "before must be the cursor of an earlier answer.", "")                             \
    SAYING(events_gone, NOT_FOUND,                                                                                   \
           "What came after it is no longer kept: read anew what you need, and go on without `after`.", "")          \
    SAYING(entry_named, INVALID, "Give an id, or a channel_id with an external_id, or a message_id.", "")            \
    SAYING(before_and_after, INVALID, "Give before_at or after_at, not both.", "")                                   \
    SAYING(not_rpc, REQUEST, "This is no JSON-RPC 2.0 request.", "")                                                 \
    SAYING(rpc_id, REQUEST, "An id is a string, a number or null.", "")                                              \
    SAYING(no_method, UNKNOWN_METHOD, "There is no method %.80s.", "method")                                         \
    SAYING(login_by_http, FORBIDDEN, "Log in over HTTP; a cookie cannot be set here.", "")
