/** Where one is: kept after the `#`, so that the server has one page and a reload stays. */
import { useEffect, useState } from "preact/hooks";

export interface Place {
  /** First part of the path: the page; empty for the first one. */
  readonly page: string;
  /** What the page is about, decoded; empty where it isn't about one thing. */
  readonly subject: string;
  readonly query: URLSearchParams;
}

/** `#/events/stripe%3Aevt_1?tab=logs` → the page `events`, about `stripe:evt_1`. */
function placeOf(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [page = "", ...rest] = path.split("/");
  return { page, subject: decoded(rest.join("/")), query: new URLSearchParams(query) };
}

/** The address of a page, for links. */
export function hrefOf(page: string, subject = "", query = new URLSearchParams()): string {
  const about = subject === "" ? "" : `/${encodeURIComponent(subject)}`;
  return `#/${page}${about}${query.size === 0 ? "" : `?${query}`}`;
}

export function goTo(page: string, subject = "", query = new URLSearchParams()): void {
  location.hash = hrefOf(page, subject, query);
}

export function usePlace(): Place {
  const [place, setPlace] = useState(() => placeOf(location.hash));
  useEffect(() => {
    const look = () => setPlace(placeOf(location.hash));
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, []);
  return place;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
