// Reads an iCalendar from standard input with ical.js, which calendar programs use, and prints its entries as JSON.
import ICAL from "ical.js";
import { readFileSync } from "node:fs";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const entries = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return { uid: event.uid, at: event.startDate.toJSDate().toISOString(), title: event.summary, status: component.getFirstPropertyValue("status"),
    sequence: event.sequence };
});
console.log(JSON.stringify(entries));
