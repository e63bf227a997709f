import { firstLook } from "../../../../local/console/web/graph/first-look.ts";

const box = (left: number) => ({ left, right: left + 100 });

it.each([
  ["is the left end where all fits", [box(10), box(300)], 1_200, 0],
  ["has the boxes of the path in sight, not the end's alone", [box(500), box(520), box(480), box(900)], 300, 468],
  ["is the left of two places with as many", [box(400), box(900)], 200, 388],
  ["is the left end without a box", [], 300, 0],
])("the first look %s", (_what, boxes, width, scroll) => {
  expect(firstLook(boxes, width)).toBe(scroll);
});
