/** What in a text could lead to a person: a telephone number, however it is written, or a mail address. */

const NUMBER = /(?:\d[\s.()-]*){7,}/;
const MAIL = /\S+@\S+\.\S/;

export const looksPersonal = (text: string): boolean => NUMBER.test(text) || MAIL.test(text);
