/* What the server says to people: a code with parameters, which is worded where it is shown, in the reader's language
 * (`said.<code>` of the console's texts). Refusals are sayings, and so are evidence, why a message was not delivered, what is
 * wrong with a channel, with a task and with a line of an import.
 *
 * The English here is the API's `message`, the log's and the documentation's; no screen shows it. What a parameter holds is a
 * number, a name, or a word of the API; what somebody else has written (a provider's reason) is a parameter as well, and
 * quoted. No other place has such sentences: what is for whoever runs the server goes by error_english (base/error.h). */
#pragma once

#include "base/buf.h"
#include "base/saying_mailbox.h"
#include "base/saying_program.h"

#include <stdarg.h>

struct arena;
struct json_object;

/* A row: its code, the kind of the refusal (enum error_code; NONE: it refuses nothing), the English, and the names of its
 * parameters in the order of the conversions. */
#define SAYINGS_TO_PEOPLE(SAYING)                                                                                      \
    /* any field of a request */                                                                                       \
    SAYING(missing, INVALID, "%s is missing.", "field")                                                                \
    SAYING(out_of_range, INVALID, "%s is %lld; it must be %lld to %lld.", "field n min max")                           \
    SAYING(wrong_length, INVALID, "%s is %lld bytes long; it must be %lld to %lld.", "field n min max")                \
    SAYING(wrong_count, INVALID, "%s is %lld items long; it must be %lld to %lld.", "field n min max")                 \
    SAYING(control_character, INVALID, "%s holds the control character U+%04X; take it out.", "field character")       \
    SAYING(not_web, INVALID, "%s must be an address such as https://shop.example/1.", "field")                         \
    SAYING(one_of, INVALID, "%s must be one of: %s.", "field allowed")                                                 \
    SAYING(not_email, INVALID, "%s must be an address such as mia@example.com.", "field")                              \
    SAYING(not_in_future, INVALID, "%s must be a time to come.", "field")                                              \
    SAYING(in_future, INVALID, "%s lies in the future.", "field")                                                      \
    SAYING(too_long_ago, INVALID, "%s lies before 1990.", "field")                                                     \
    SAYING(no_words, INVALID, "%s must hold a word to look for.", "field")                                             \
    SAYING(not_json, PARSE, "This is not valid JSON: %s.", "why")                                                      \
    SAYING(not_utf8, PARSE, "The text is not valid UTF-8.", "")                                                        \
    /* a thing that is named, and is not there */                                                                      \
    SAYING(no_account, NOT_FOUND, "There is no such account.", "")                                                     \
    SAYING(no_attribute, NOT_FOUND, "There is no such attribute.", "")                                                 \
    SAYING(no_block, NOT_FOUND, "There is no such block.", "")                                                         \
    SAYING(no_channel, NOT_FOUND, "There is no such channel.", "")                                                     \
    SAYING(no_mailbox, NOT_FOUND, "There is no such channel, or it fetches no mail.", "")                              \
    SAYING(no_conversation, NOT_FOUND, "There is no such conversation.", "")                                           \
    SAYING(no_distinction, NOT_FOUND, "There is no such statement.", "")                                               \
    SAYING(no_entry, NOT_FOUND, "There is no such entry.", "")                                                         \
    SAYING(no_file, NOT_FOUND, "There is no such file.", "")                                                           \
    SAYING(no_thumbnail, NOT_FOUND, "No small copy can be made of this file.", "")                                     \
    SAYING(no_identity, NOT_FOUND, "There is no such identity.", "")                                                   \
    SAYING(no_input, NOT_FOUND, "There is no such input, or its channel takes none.", "")                              \
    SAYING(no_mail, INVALID, "This file is no mail.", "")                                                              \
    SAYING(no_message, NOT_FOUND, "There is no such outgoing message.", "")                                            \
    SAYING(no_operation, NOT_FOUND, "There is no such merge.", "")                                                     \
    SAYING(no_person, NOT_FOUND, "There is no such person.", "")                                                       \
    SAYING(no_search, NOT_FOUND, "There is no such search of yours.", "")                                              \
    SAYING(no_session, NOT_FOUND, "That session has ended already.", "")                                               \
    SAYING(no_task, NOT_FOUND, "There is no such task.", "")                                                           \
    SAYING(no_token, NOT_FOUND, "There is no such token, or it is revoked already.", "")                               \
    SAYING(exists_already, CONFLICT, "That exists already.", "")                                                       \
    SAYING(changed, CONFLICT, "It has changed since you looked at it; look again.", "")                                \
    /* who calls */                                                                                                    \
    SAYING(not_logged_in, UNAUTHENTICATED, "%s needs the role %s.", "method role")                                     \
    SAYING(agents_only, FORBIDDEN, "This is for agents: a token has nothing of its own.", "")                          \
    SAYING(role_missing, FORBIDDEN, "%s needs the role %s.", "method role")                                            \
    SAYING(admin_only, FORBIDDEN, "Only an administrator may do that.", "")                                            \
    SAYING(channel_closed, FORBIDDEN, "You may not read what goes by this channel.", "")                               \
    SAYING(export_closed, FORBIDDEN,                                                                                   \
           "Some of it came by channels that you may not read; ask an administrator to export it.", "")                \
    SAYING(wrong_login, UNAUTHENTICATED, "The email or the password is wrong.", "")                                    \
    SAYING(too_many_passwords, RATE_LIMITED, "Too many wrong passwords. Try again in %lld seconds.", "seconds")        \
    /* accounts and tokens */                                                                                          \
    SAYING(password_short, INVALID, "The password must have at least 10 characters.", "")                              \
    SAYING(password_personal, INVALID, "The password must not hold the address, the name or the product's name.", "")  \
    SAYING(password_common, INVALID, "This password is guessed soon. Take several words that do not belong together.", \
           "")                                                                                                         \
    SAYING(password_same, INVALID, "This is the present password; choose another.", "")                                \
    SAYING(password_wrong, INVALID, "This is not the present password.", "")                                           \
    SAYING(email_taken, CONFLICT, "There is an account with this address already.", "")                                \
    SAYING(last_admin, CONFLICT, "This is the last administrator; make another one first.", "")                        \
    /* too much, or too soon */                                                                                        \
    SAYING(searches_limit, RATE_LIMITED, "That is a lot of searches at once. Wait a little, then go on.", "")          \
    SAYING(saved_searches_limit, CONFLICT, "At most %d searches are kept; remove one first.", "max")                   \
    SAYING(files_limit, RATE_LIMITED, "Too many files from here. Wait ten minutes, then try again.", "")               \
    SAYING(indexing, BUSY, "The search index is being made (%d percent); try again in a moment.", "percent")           \
    SAYING(no_index, UNAVAILABLE, "This server has no search index: [search] index is empty.", "")                     \
    SAYING(parser_busy, BUSY, "Too much is being taken apart; try again in a moment.", "")                             \
    SAYING(person_busy, BUSY, "Much arrives for these people right now; try again in a moment.", "")                   \
    SAYING(entry_changed, BUSY, "It has just changed; look at it again.", "")                                          \
    SAYING(database_full, UNAVAILABLE,                                                                                 \
           "The disk of the database is full: free space there, and it goes on by itself.", "")                        \
    SAYING(disk_full, UNAVAILABLE,                                                                                     \
           "A file cannot be stored now: the disk for files is full. Free space there, and try again.", "")            \
    SAYING(disk_fault, UNAVAILABLE, "A file cannot be stored or read now: %s.", "why")                                 \
    /* chat */                                                                                                         \
    SAYING(not_by_chat, CONFLICT, "Nobody has written there by chat.", "")                                             \
    /* writing to people */                                                                                            \
    SAYING(no_way, INVALID,                                                                                            \
           "This person cannot be reached at that identity by that channel; customer.reach lists the ways.", "")       \
    SAYING(no_mail_address, INVALID, "%s is no address that mail can be sent to.", "text")                             \
    SAYING(answers_no_mail, INVALID,                                                                                   \
           "This answers no mail: it goes by another channel, or begins a conversation. Leave out answers.", "")       \
    SAYING(address_is_ours, INVALID, "%s is an address of ours: what it gets would come in again.", "address")         \
    SAYING(too_many_people, INVALID, "%s takes %zu people besides; this answer has %zu.", "type max n")                \
    SAYING(nothing_to_send, INVALID, "There is nothing to send: write a text or add a file.", "")                      \
    SAYING(text_too_long, INVALID, "%s takes at most %lld characters; this text has %zu.", "type max n")               \
    SAYING(takes_no_files, INVALID, "%s takes no files; send a link instead.", "type")                                 \
    SAYING(too_many_files, INVALID, "%s takes %zu files with one answer; this one has %zu.", "type max n")             \
    SAYING(file_too_large, INVALID, "%s is larger than %s takes: %lld bytes.", "name type max")                        \
    SAYING(files_too_large, INVALID, "These files are larger together than %s takes: %lld bytes.", "type max")         \
    SAYING(file_gone, INVALID, "This file is not here, or no longer: upload it again.", "")                            \
    SAYING(no_picture, INVALID, "The text shows the picture %s, and no file that is a picture has that cid.", "cid")   \
    SAYING(wrong_cid, INVALID,                                                                                         \
           "%s cannot be the cid of a file: letters, digits and dots, at most 64, and another for each file.", "cid")  \
    SAYING(file_unscanned, FORBIDDEN, "The virus scanner has not looked at this file yet: try again in a moment.", "") \
    SAYING(file_infected, FORBIDDEN, "The virus scanner has found %s in this file: nobody gets it.", "found")          \
    SAYING(no_scanner, CONFLICT, "There is no virus scanner: [storage] scanner of the configuration names none.", "")  \
    SAYING(nothing_to_fetch, CONFLICT, "No file of this entry can be fetched: the provider keeps none any more.", "")  \
    SAYING(left_already, CONFLICT, "It has left already and cannot be taken back.", "")                                \
    SAYING(not_failed, CONFLICT, "Only a message that has failed can be sent again.", "")                              \
    SAYING(planned_too_soon, INVALID, "Choose a time that is at least a minute away, or send it now.", "")             \
    SAYING(planned_too_far, INVALID, "An answer is planned for a year from now at most.", "")                          \
    SAYING(cannot_plan, INVALID, "%s shows an answer at once; it cannot be planned.", "type")                          \
    SAYING(planned_after_window, CONFLICT,                                                                             \
           "The person's last message will be more than %d hours old by then; %s would refuse it.", "hours type")      \
    SAYING(not_planned, CONFLICT, "It is not planned any more: it has left, or was taken back.", "")                   \
    SAYING(way_off, CONFLICT, "This channel is switched off.", "")                                                     \
    SAYING(way_write_first, CONFLICT, "%s lets us write only after the person has written first.", "type")             \
    SAYING(way_window_over, CONFLICT,                                                                                  \
           "The person's last message is more than %d hours old; %s opens again when they write.", "hours type")       \
    SAYING(way_opted_out, CONFLICT,                                                                                    \
           "The person does not want to be written to here; it opens when they write, or withdraw that.", "")          \
    SAYING(way_bounced, CONFLICT,                                                                                      \
           "What we send comes back. It opens when they write from there, or when you clear it.", "")                  \
    SAYING(                                                                                                            \
        way_unproven, CONFLICT,                                                                                        \
        "The mail failed authentication: who wrote it may not own the address. Compare the suggested person first.",   \
        "")                                                                                                            \
    SAYING(way_restricted, FORBIDDEN, "You may not read what goes by this channel, so you cannot write by it.", "")    \
    SAYING(way_no_identity, CONFLICT, "Nothing is known of the person that %s reaches.", "type")                       \
    /* conversations and entries */                                                                                    \
    SAYING(agent_away, INVALID, "There is no such agent at work.", "")                                                 \
    SAYING(is_resolved, CONFLICT, "It is resolved; reopen it before you snooze it.", "")                               \
    SAYING(input_gone, NOT_FOUND, "The raw input is no longer kept, so it cannot be tried again.", "")                 \
    SAYING(cannot_move, INVALID, "Only messages and calls from a person, and notes, can be moved to another.", "")     \
    SAYING(moved_here, CONFLICT, "It was moved here; move it back first.", "")                                         \
    SAYING(moved_already, CONFLICT, "It has been moved already; move it back first.", "")                              \
    SAYING(not_moved, CONFLICT, "It has not been moved.", "")                                                          \
    SAYING(is_there, CONFLICT, "It is in this person's timeline already.", "")                                         \
    SAYING(entry_erased, CONFLICT, "What was said in it has been erased.", "")                                         \
    /* people */                                                                                                       \
    SAYING(person_erased, CONFLICT, "This person has been erased.", "")                                                \
    SAYING(nothing_left, CONFLICT,                                                                                     \
           "Nothing belongs to this person any more; they may have been merged with somebody.", "")                    \
    SAYING(same_person, INVALID, "That is the same person; take an identity out of them instead.", "")                 \
    SAYING(same_identity, INVALID, "They belong to this person already.", "")                                          \
    SAYING(which_identities, INVALID, "Say which identities.", "")                                                     \
    SAYING(identity_moved, CONFLICT, "One of these identities does not belong to this person any more.", "")           \
    SAYING(identity_stays, INVALID,                                                                                    \
           "At least one identity must stay; to give all of them away, merge the two people.", "")                     \
    SAYING(undone_already, CONFLICT, "This has been undone already.", "")                                              \
    SAYING(chain_limit, CONFLICT, "More than %d people are merged with each other here.", "max")                       \
    SAYING(identities_limit, CONFLICT, "More than %d identities belong to these people.", "max")                       \
    SAYING(told_apart, CONFLICT, "Somebody has said that these are not the same person. Withdraw that first.", "")     \
    SAYING(shared_already, CONFLICT, "It is shared already; end that first.", "")                                      \
    SAYING(share_own, CONFLICT, "Each of them needs an identity of their own besides the shared one.", "")             \
    SAYING(share_once, INVALID, "Name each of them once.", "")                                                         \
    SAYING(not_shared, CONFLICT, "It is not shared.", "")                                                              \
    SAYING(tags_limit, INVALID, "tags takes at most %d tags of %d characters.", "max length")                          \
    SAYING(attribute_value, INVALID, "The attribute %s must be %s.", "attribute wanted")                               \
    SAYING(unknown_attribute, INVALID, "There is no attribute \"%.64s\"; attribute.list has them.", "attribute")       \
    SAYING(attribute_key, INVALID, "key must be of small letters, digits and _, such as shoe_size.", "")               \
    SAYING(attribute_choices, INVALID, "A choice needs at least one value to choose.", "")                             \
    SAYING(confirm_name, INVALID, "confirm must be the person's name, exactly.", "")                                   \
    /* channels */                                                                                                     \
    SAYING(setting_missing, INVALID, "%s: the setting %s is missing.", "type setting")                                 \
    SAYING(setting_long, INVALID, "%s: the setting %s is longer than %d bytes.", "type setting max")                   \
    SAYING(setting_url, INVALID, "%s: the setting %s must be a URL such as https://api.example.com.", "type setting")  \
    SAYING(setting_email, INVALID, "%s: the setting %s must be an address such as help@example.com.", "type setting")  \
    SAYING(setting_date, INVALID, "%s: the setting %s must be a date such as 2027-06-30.", "type setting")             \
    SAYING(setting_word, INVALID, "%s: the setting %s must be a word of at most %d of a-z, 0-9, - and _.",             \
           "type setting max")                                                                                         \
    SAYING(setting_control, INVALID, "%s: the setting %s holds a control character.", "type setting")                  \
    SAYING(no_secret, INVALID, "%s has no secret %.60s that can be made anew.", "type setting")                        \
    SAYING(sealed_otherwise, CONFLICT, "The channel's secrets were sealed with another key.", "")                      \
    SAYING(no_mail_key, NOT_FOUND, "There is no such key.", "")                                                        \
    SAYING(key_none, INVALID,                                                                                          \
           "This is no key that can be read; paste a certificate (-----BEGIN CERTIFICATE-----) or a public OpenPGP "   \
           "key (-----BEGIN PGP PUBLIC KEY BLOCK-----), with its first and last line.",                                \
           "")                                                                                                         \
    SAYING(key_long, INVALID,                                                                                          \
           "This is longer than %d kB; ask for the key alone, without what others have signed of it.", "max")          \
    SAYING(key_secret, INVALID,                                                                                        \
           "This is a private key, which should stay with its owner alone; paste the certificate or the public key.",  \
           "")                                                                                                         \
    SAYING(key_several, INVALID, "These are several keys; add one at a time.", "")                                     \
    SAYING(key_revoked, INVALID, "Its owner has revoked this key; ask for the new one.", "")                           \
    SAYING(key_no_signer, INVALID, "This key does not sign; ask for the one that mail is signed with.", "")            \
    SAYING(key_for_nobody, INVALID, "The key names no address; say for which it speaks.", "")                          \
    SAYING(key_limit, CONFLICT, "There are %d keys already; remove one first.", "max")                                 \
    /* long work */                                                                                                    \
    SAYING(task_over, CONFLICT, "It is over already.", "")                                                             \
    SAYING(task_binding, CONFLICT, "An erasure that has begun is brought to its end.", "")                             \
    SAYING(orders_need_shop, INVALID, "Orders need the channel of their shop.", "")                                    \
    SAYING(column_unnamed, INVALID, "Column %zu has no name in the header line.", "n")                                 \
    SAYING(column_near, INVALID, "There is no column \"%.80s\"; the nearest is \"%s\". Rename it or leave it out.",    \
           "column near")                                                                                              \
    SAYING(column_unknown, INVALID, "There is no column \"%.80s\". Leave it out, or see the template.", "column")      \
    SAYING(column_twice, INVALID, "The column \"%.80s\" is there twice.", "column")                                    \
    SAYING(no_header, INVALID, "The file has no header line with the names of the columns.", "")                       \
    SAYING(import_consent, INVALID, "\"%.40s\" is none of granted, refused, unknown.", "value")                        \
    SAYING(import_account, INVALID, "It is unique within one account only: name the account (channel_id).", "")        \
    SAYING(import_value, INVALID, "\"%.80s\" is no valid %s.", "value kind")                                           \
    SAYING(import_phone_rounded, INVALID,                                                                              \
           "\"%.80s\" is a number that a spreadsheet may have rounded. Make its column text, and enter it again.",     \
           "value")                                                                                                    \
    SAYING(import_phone_unsure, INVALID,                                                                               \
           "\"%.80s\" is no telephone number of %s. Write + and the code of its country.", "value country")            \
    SAYING(import_ways, INVALID, "A line may name at most %d ways to reach the person.", "max")                        \
    SAYING(import_nobody, INVALID,                                                                                     \
           "The line says of nobody: it needs an email, a phone, a customer_number or another column that names the "  \
           "person.",                                                                                                  \
           "")                                                                                                         \
    SAYING(import_time, INVALID, "\"%.40s\" is no time. Write it like 2026-11-02T14:30:00+09:00.", "value")            \
    SAYING(import_amount, INVALID, "\"%.40s\" is no sure amount of %.8s. Write digits, like 1234.50.",                 \
           "value currency")                                                                                           \
    SAYING(no_currency, INVALID, "\"%.40s\" is no currency. Write its three letters of ISO 4217, like JPY.", "value")  \
    SAYING(no_amount, INVALID, "\"%.40s\" is no amount of %.8s. Write digits, like 1234.50.", "value currency")        \
    SAYING(import_number, INVALID, "\"%.40s\" is no whole number.", "value")                                           \
    SAYING(import_items, INVALID, "It must be a JSON list: [{\"name\":\"…\",\"quantity\":1}]. %s", "why")              \
    SAYING(import_placed_at, INVALID, "The order lies before 1990 or in the future.", "")                              \
    SAYING(import_long, INVALID, "It is longer than %d bytes.", "max")                                                 \
    SAYING(import_tags, INVALID, "At most %d tags of %d characters, separated by semicolons.", "max length")           \
    SAYING(import_refused, INVALID, "The database refuses the line; the server's log says why.", "")                   \
    SAYING(line_long, INVALID, "The line is longer than %d bytes. Look for a quotation mark that is not closed.",      \
           "max")                                                                                                      \
    SAYING(quote_open, INVALID,                                                                                        \
           "A quotation mark that is opened here is never closed: close it, or double it (\"\").", "")                 \
    SAYING(line_many, INVALID, "The line has more than %d fields.", "max")                                             \
    SAYING(line_fields, INVALID, "The line has %zu fields, the header line %zu.", "n wanted")                          \
    SAYING(line_object, INVALID, "The line is not a JSON object: %s", "why")                                           \
    SAYING(person_gone, NOT_FOUND, "There is no such person any more.", "")                                            \
    SAYING(archive_fault, UNAVAILABLE, "The archive cannot be written: %s.", "why")                                    \
    SAYING(archive_broken, INTERNAL, "The archive could not be written: %s.", "why")                                   \
    SAYING(file_fault, INTERNAL, "The file cannot be read: %s.", "why")                                                \
    /* on what evidence an identity belongs to somebody */                                                             \
    SAYING(in_words, NONE, "%s", "text")                                                                               \
    SAYING(order_has, NONE, "order %.64s of the channel %s has %s", "number channel value")                            \
    SAYING(list_has, NONE, "an imported list has %s", "value")                                                         \
    SAYING(shop_merged, NONE, "the shop has merged the customers %s and %s", "value other")                            \
    SAYING(mail_says, NONE, "a mail says that it comes from %s, and failed authentication", "value")                   \
    SAYING(chat_had, NONE, "the chat came with %s", "value")                                                           \
    SAYING(came_with, NONE, "the %s came with %s", "entry value")                                                      \
    SAYING(mail_answered, NONE, "our mail to %s, left in the chat, was answered from there", "value")                  \
    SAYING(same_name, NONE, "both are called %s", "name")                                                              \
    /* why a message was not delivered, or a channel cannot send */                                                    \
    SAYING(channel_unusable, CONFLICT, "The channel cannot be used any more; check its settings.", "")                 \
    SAYING(channel_type_unknown, NONE, "This server does not know the channel type.", "")                              \
    SAYING(attached_gone, NONE, "An attached file is no longer there.", "")                                            \
    SAYING(no_form_accepted, NONE, "The provider accepts the message in no form.", "")                                 \
    SAYING(database_was_away, NONE, "The database was away before it could be sent.", "")                              \
    SAYING(server_stopped, NONE, "The server stopped while it was being sent; it may have arrived.", "")               \
    SAYING(provider_unreachable, NONE, "The provider could not be reached: %s.", "quote")                              \
    SAYING(provider_asked_again, NONE, "The provider did not answer: %s. It is asked again with the same key.",        \
           "quote")                                                                                                    \
    SAYING(provider_silent, NONE,                                                                                      \
           "The provider did not answer: %s. The message may have arrived; ask before sending it again.", "quote")     \
    SAYING(provider_refused, NONE, "%s refused the message: %s", "type quote")                                         \
    SAYING(provider_token, NONE,                                                                                       \
           "%s refused the access token: %s. Issue a new one and enter it in the channel's settings.", "type quote")   \
    SAYING(provider_slower, NONE, "%s asks to send more slowly.", "type")                                              \
    SAYING(provider_fault, NONE, "%s has a fault of its own (status %d).", "type status")                              \
    SAYING(provider_unsure, NONE, "%s answered with status %d; the message may have arrived.", "type status")          \
    SAYING(telegram_unwanted, NONE,                                                                                    \
           "Telegram does not let us write to this person: they have blocked the bot, or never begun a chat with "     \
           "it. (%s)",                                                                                                 \
           "quote")                                                                                                    \
    SAYING(sms_denied, NONE, "Twilio does not let us in: account SID and auth token must be right. (%lld)", "code")    \
    SAYING(sms_slower, NONE, "Twilio asks to send more slowly. (%lld)", "code")                                        \
    SAYING(sms_no_number, NONE, "This number does not exist. (%lld)", "code")                                          \
    SAYING(sms_sender, NONE,                                                                                           \
           "Twilio does not send from this number: it must be one of yours there that can send SMS. (%lld)", "code")   \
    SAYING(                                                                                                            \
        sms_country, NONE,                                                                                             \
        "Twilio may not send to that country from this number: see Messaging, Geographic permissions there. (%lld)",   \
        "code")                                                                                                        \
    SAYING(sms_opted_out, NONE, "The person has written STOP; nothing can be sent until they write START. (%lld)",     \
           "code")                                                                                                     \
    SAYING(sms_no_mobile, NONE, "This number cannot receive SMS: it is a landline. (%lld)", "code")                    \
    SAYING(sms_switched_off, NONE, "The telephone is switched off, or out of reach. (%lld)", "code")                   \
    SAYING(sms_blocked, NONE, "The person, or the network, blocks our messages. (%lld)", "code")                       \
    SAYING(sms_filtered, NONE, "The network took the message for spam. (%lld)", "code")                                \
    SAYING(sms_unregistered, NONE,                                                                                     \
           "The number is not registered for messages to that country yet: see Messaging, Regulatory compliance at "   \
           "Twilio. (%lld)",                                                                                           \
           "code")                                                                                                     \
    SAYING(sms_other, NONE, "Twilio refused the message: %s (%lld)", "quote code")                                     \
    SAYING(sms_no_sender, CONFLICT,                                                                                    \
           "Enter a number or a messaging service in the channel's settings; SMS go from one of them.", "")            \
    SAYING(line_pushed, NONE, "The reply token was no longer good; the message is pushed.", "")                        \
    SAYING(line_quota, NONE,                                                                                           \
           "This month's quota of LINE messages is used up. It can be raised in LINE Official Account Manager; an "    \
           "answer within a minute of the person's message is free.",                                                  \
           "")                                                                                                         \
    SAYING(line_standby, CONFLICT,                                                                                     \
           "Another service has this chat at LINE now; it must hand it back before you can answer.", "")               \
    SAYING(mail_no_sender, INVALID, "The channel has no valid address to write from.", "")                             \
    SAYING(                                                                                                            \
        sender_refused, NONE,                                                                                          \
        "The mail server does not let %s be sent as by %s (%d): %s. Grant \"send as\" there, or take the sender out.", \
        "sender user code words")                                                                                      \
    SAYING(setup_refused, NONE,                                                                                        \
           "%s does not take the address of this channel: %s. It must begin with https, and be of a name that the "    \
           "internet knows ([server] public_url).",                                                                    \
           "type quote")                                                                                               \
    SAYING(no_sender, INVALID, "The channel does not send as %s (any more).", "address")                               \
    SAYING(no_sender_line, INVALID, "%s is no sender: begin with a line such as Sales <sales@shop.example>.", "text")  \
    SAYING(too_many_senders, INVALID, "There may be %d senders; these are %zu.", "max n")                              \
    SAYING(nothing_to_fill_in, INVALID, "%s is nothing that can be filled in. There are: %s.", "name names")           \
    SAYING(mail_no_recipient, INVALID, "This is no address that mail can be sent to.", "")                             \
    SAYING(                                                                                                            \
        mail_login, NONE,                                                                                              \
        "The outgoing mail server refused the login (%d): %s. See the user and password in the channel's settings.",   \
        "status quote")                                                                                                \
    SAYING(mail_refused, NONE, "The outgoing mail server refused the mail (%d): %s.", "status quote")                  \
    SAYING(mail_later, NONE, "The outgoing mail server cannot take the mail now (%d): %s.", "status quote")            \
    SAYING(mail_unsure, NONE, "The outgoing mail server did not confirm the mail: %s. It may have been sent.",         \
           "quote")                                                                                                    \
    SAYING(mail_broken, NONE, "The outgoing mail server could not be used: %s.", "quote")                              \
    SAYING(mail_too_large, NONE,                                                                                       \
           "This mail is too large (%lld MB) and only its head was fetched; up to %d MB are. It is in the mailbox.",   \
           "size max")                                                                                                 \
    SAYING(mail_unfetched, NONE, "The mailbox server does not give this mail: %s. It is in the mailbox.", "quote")     \
    SAYING(errand_unreachable, NONE, "%s cannot be reached to fetch what it has announced: %s.", "type quote")         \
    SAYING(errand_refused, NONE, "%s does not give what it has announced: %s.", "type quote")                          \
    SAYING(errand_large, NONE, "What %s has announced is larger than %d MB, and stays there.", "type max")             \
    SAYING(errand_encrypted, NONE,                                                                                     \
           "The mail lies encrypted in the bucket, with a key that only its reader has. Switch off the encryption of " \
           "messages in the rule of SES; the bucket's own may stay on.",                                               \
           "")                                                                                                         \
    SAYING(errand_no_key, NONE, "%s has announced a mail, and the channel has no key to fetch it with.", "type")       \
    SAYING(errand_certificate, NONE, "The certificate of Amazon SNS cannot be had, so nothing is let in: %s.",         \
           "quote")                                                                                                    \
    SAYING(errand_subscription, NONE, "The subscription to %s could not be confirmed: %s.", "topic quote")             \
    SAYINGS_OF_MAILBOXES(SAYING)                                                                                       \
    SAYING(mail_bounced, NONE, "The mail server of %s refused the mail: %s", "recipient quote")                        \
    SAYING(mail_delayed, NONE, "The mail server of %s has not taken the mail yet; it is tried again: %s",              \
           "recipient quote")                                                                                          \
    SAYING(mail_dropped, NONE, "%s does not send mail to %s: %s", "type recipient quote")                              \
    SAYING(                                                                                                            \
        whatsapp_token, NONE,                                                                                          \
        "The access token was refused; make a new one and enter it in the channel's settings. (WhatsApp error %lld)",  \
        "code")                                                                                                        \
    SAYING(whatsapp_permission, NONE,                                                                                  \
           "The access token lacks a permission; it needs whatsapp_business_messaging. (WhatsApp error %lld)", "code") \
    SAYING(whatsapp_number, NONE,                                                                                      \
           "The phone number ID is not known to Meta; look it up under WhatsApp, API Setup. (WhatsApp error %lld)",    \
           "code")                                                                                                     \
    SAYING(whatsapp_restricted, NONE,                                                                                  \
           "Meta has restricted this account for breaking its rules; see WhatsApp Manager. (WhatsApp error %lld)",     \
           "code")                                                                                                     \
    SAYING(whatsapp_locked, NONE, "Meta has locked this account; see WhatsApp Manager. (WhatsApp error %lld)", "code") \
    SAYING(whatsapp_payment, NONE,                                                                                     \
           "There is a problem with the way of payment; see WhatsApp Manager. (WhatsApp error %lld)", "code")          \
    SAYING(whatsapp_unregistered, NONE,                                                                                \
           "This phone number is not registered with the Cloud API; register it at Meta. (WhatsApp error %lld)",       \
           "code")                                                                                                     \
    SAYING(whatsapp_fault, NONE, "Meta has a fault of its own. (WhatsApp error %lld)", "code")                         \
    SAYING(whatsapp_slower, NONE, "Meta asks to send more slowly. (WhatsApp error %lld)", "code")                      \
    SAYING(                                                                                                            \
        whatsapp_reported, NONE,                                                                                       \
        "Too many people blocked or reported messages of this number, so Meta slows it down. (WhatsApp error %lld)",   \
        "code")                                                                                                        \
    SAYING(whatsapp_pair, NONE, "Too many messages to this person in a short time. (WhatsApp error %lld)", "code")     \
    SAYING(whatsapp_itself, NONE, "The recipient is the channel's own number. (WhatsApp error %lld)", "code")          \
    SAYING(whatsapp_undeliverable, NONE,                                                                               \
           "WhatsApp cannot deliver to this number: it may not be on WhatsApp, or has not accepted its terms. "        \
           "(WhatsApp error %lld)",                                                                                    \
           "code")                                                                                                     \
    SAYING(whatsapp_test_number, NONE,                                                                                 \
           "A test number may only write to the numbers on its list at Meta. (WhatsApp error %lld)", "code")           \
    SAYING(whatsapp_window, NONE,                                                                                      \
           "More than 24 hours have passed since the person last wrote, so WhatsApp takes no free text. Use another "  \
           "channel, or wait until the person writes again. (WhatsApp error %lld)",                                    \
           "code")                                                                                                     \
    SAYING(whatsapp_unwanted, NONE,                                                                                    \
           "WhatsApp does not deliver this to the person, who wants or gets enough already. (WhatsApp error %lld)",    \
           "code")                                                                                                     \
    SAYING(whatsapp_other, NONE, "%s (WhatsApp error %lld)", "quote code")                                             \
    /* why an input was not understood, or only in part */                                                             \
    SAYING(not_understood, NONE, "This could not be understood.", "")                                                  \
    SAYING(input_limits, NONE, "This input could not be taken apart within the limits of time and memory.", "")        \
    SAYING(input_utf8, NONE, "The body is not valid UTF-8; bad bytes were replaced.", "")                              \
    SAYING(input_empty, PARSE, "The body is empty; it must be a mail as it came (message/rfc822).", "")                \
    SAYING(input_object, PARSE, "The body is JSON, but not an object.", "")                                            \
    SAYING(input_lacks, PARSE, "This is no input of this channel: it lacks %s.", "member")                             \
    SAYING(input_array, PARSE, "The body is JSON, but no list.", "")                                                   \
    SAYING(form_type, PARSE, "This is no form: its type is %.80s.", "what")                                            \
    SAYING(form_framing, PARSE, "This form is not divided as its Content-Type says, or ends before its end.", "")      \
    SAYING(form_large, PARSE, "This form has more than %d fields.", "max")                                             \
    SAYING(event_untyped, NONE, "An event has no type.", "")                                                           \
    SAYING(event_nobody, NONE, "An event of type %.80s does not say whom it is from.", "event")                        \
    SAYING(event_unclear, NONE, "An event of type %.80s could not be understood.", "event")                            \
    SAYING(item_unclear, NONE, "Item %zu of %s could not be understood.", "n member")                                  \
    SAYING(attachment_unclear, NONE, "Attachment %zu could not be decoded.", "n")                                      \
    SAYING(names_nobody, NONE, "It names nobody.", "")                                                                 \
    SAYING(number_twice, NONE, "%s is the same number as %s, written otherwise", "value other")                        \
    SAYING(edit_of_other, NONE, "An edit or a taking back is not by who has written the message.", "")                 \
    SAYING(number_other, NONE, "This is for the phone number ID %.80s, which is not that of this channel.", "number")  \
    SAYING(call_nobody, NONE, "The callback on the call %.80s does not say whose number it was.", "call")              \
    SAYING(call_status, NONE, "The call status \"%.80s\" is not known here.", "status")                                \
    SAYING(recording_nobody, NONE,                                                                                     \
           "The recording %.80s does not say whose call it was; add From, To and Direction to the callback's URL as "  \
           "the channel's page in the documentation shows.",                                                           \
           "recording")                                                                                                \
    /* what somebody has sent, where it is no text */                                                                  \
    SAYING(sent_image, NONE, "Image", "")                                                                              \
    SAYING(sent_video, NONE, "Video", "")                                                                              \
    SAYING(sent_voice, NONE, "Voice message", "")                                                                      \
    SAYING(sent_file, NONE, "File", "")                                                                                \
    SAYING(sent_file_named, NONE, "File: %s", "name")                                                                  \
    SAYING(sent_sticker, NONE, "Sticker", "")                                                                          \
    SAYING(sent_sticker_words, NONE, "Sticker: %s", "words")                                                           \
    SAYING(sent_place, NONE, "Location", "")                                                                           \
    SAYING(sent_place_at, NONE, "Location: %s", "place")                                                               \
    SAYING(sent_contact, NONE, "Contact", "")                                                                          \
    SAYING(sent_contact_of, NONE, "Contact: %s", "contact")                                                            \
    SAYING(sent_poll, NONE, "Poll: %s", "poll")                                                                        \
    SAYING(sent_nothing, NONE, "A message without words", "")                                                          \
    SAYING(sent_kind, NONE, "Message of type %s", "what")                                                              \
    SAYING(came_by_ad, NONE, "📣 %s", "ad")                                                                             \
    SAYING(chose, NONE, "Chose: %s", "choice")                                                                         \
    SAYING(took_back_message, NONE, "Took back a message", "")                                                         \
    SAYING(added_friend, NONE, "Added the account as a friend", "")                                                    \
    SAYING(unblocked_account, NONE, "Unblocked the account", "")                                                       \
    SAYING(blocked_account, NONE, "Blocked the account", "")                                                           \
    SAYING(mail_called_spam, NONE, "Reported our mail as spam", "")                                                    \
    SAYING(mail_unsubscribed, NONE, "Unsubscribed from our mail", "")                                                  \
    SAYING(answered_form, NONE, "Answered a form", "")                                                                 \
    SAYING(pressed_button, NONE, "Pressed a button", "")                                                               \
    SAYING(reacted, NONE, "Reacted with %s", "emoji")                                                                  \
    SAYING(took_back_reaction, NONE, "Took back a reaction", "")                                                       \
    SAYING(catalogue_order, NONE, "Order from the catalogue%s", "lines")                                               \
    SAYING(changed_number, NONE, "Has another number on WhatsApp now: %s", "number")                                   \
    SAYING(whatsapp_change, NONE, "WhatsApp told of a change", "")                                                     \
    SAYING(not_passed_on, NONE, "A kind of message that WhatsApp does not pass on", "")                                \
    SAYING(input_unwritten, NONE, "This input could not be written to the database; the server's log says why.", "")   \
    SAYING(network_closed, NONE,                                                                                       \
           "Channels may not connect to %s; [outgoing] networks in the configuration allows it.", "address")           \
    SAYING(certificate_unknown, NONE,                                                                                  \
           "The server's certificate is not trusted; [outgoing] ca_file in the configuration names those that are.",   \
           "")                                                                                                         \
    SAYING(no_encryption, NONE,                                                                                        \
           "The server offers no encryption (STARTTLS), without which nothing is sent to it, and no password.", "")

#define SAYINGS(SAYING) SAYINGS_TO_PEOPLE(SAYING) SAYINGS_TO_PROGRAMS(SAYING)

#define SAYING_AS_ENUM(name, kind, english, params) SAID_##name,
enum saying { SAID_NOTHING, SAYINGS(SAYING_AS_ENUM) SAYINGS_ };

/* The formats by name, so that the compiler sees at each call whether the parameters fit. */
#define SAYING_AS_FORMAT(name, kind, english, params) static const char TOLD_##name[] = english;
SAYINGS(SAYING_AS_FORMAT)

struct saying_row {
    const char *code, *english, *params;
};
const struct saying_row *saying_row(enum saying saying);

#define SAID_MAX 500 /* bytes of one, with its code: as wide as the columns that hold one */

/* As it is stored and sent: `{"code":"no_person","params":{}}`, in the arena. Several are joined by commas (FIELD_SAID). */
#define said(a, name, ...) said_make(a, SAID_##name, TOLD_##name, ##__VA_ARGS__)
/* One without parameters, which outlives every arena. */
#define SAID_ALONE(name) (&"{\"code\":\"" #name "\",\"params\":{}}"[0 * SAID_##name])
char *said_make(struct arena *a, enum saying saying, const char *english, ...) __attribute__((format(printf, 3, 4)));
char *said_again(struct arena *a, enum saying saying, const char *params); /* from parameters as JSON */

/* As said_make writes it: a code of the table, with its parameters and no others. Who shows one relies on that, so what programs send is
 * compared with it. */
bool saying_fits(struct json_object *one);

/* Both, one after the other; what was stored as a sentence, before there were codes, becomes `in_words`. Each may be NULL. */
const char *said_join(struct arena *a, const char *first, const char *more);

/* The parameters as a JSON object, and the sentence. */
void saying_tell(enum saying saying, va_list ap, struct buf *params, struct buf *english);

/* For the log and for files: what is stored in English. A stored sentence is that. */
const char *said_english(struct arena *a, const char *said);
