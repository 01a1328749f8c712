/** Every icon of Lucide, by the names of its package: `AArrowDown`. */
export { icons } from "lucide";
