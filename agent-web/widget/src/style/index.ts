// The widget's style in parts, one for each part of the screen. The later changes the earlier.
import about from './about.css?inline';
import base from './base.css?inline';
import composer from './composer.css?inline';
import email from './email.css?inline';
import launcher from './launcher.css?inline';
import log from './log.css?inline';
import panel from './panel.css?inline';
import places from './places.css?inline';

export const css = [base, launcher, panel, log, email, composer, about, places].join('\n');
