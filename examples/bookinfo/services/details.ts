/** Details: what stands in a book's imprint. Asks nobody. */
import type { DetailsHandler } from "../gen/details.ts";
import { requireProduct } from "./products.ts";

export const details: DetailsHandler = {
  detailsOf(request) {
    requireProduct(request);
    return {
      format: "Paperback",
      pages: 96,
      year: 1623,
      publisher: "Kiteline Press",
      language: "English",
      isbn: "978-3-16-148410-0",
    };
  },
};
