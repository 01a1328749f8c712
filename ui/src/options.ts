/** What the page has chosen, with the defaults of what it has not. */
import type { ChatKitOptions, ThemeOption } from "@openai/chatkit";

/** The options as the views read them: no view looks for a default of its own. */
export interface Options {
  api: ChatKitOptions["api"];
  locale: string | null;
  theme: ThemeOption;
  frameTitle: string | null;
  initialThread: string | null;
  onClientTool: NonNullable<ChatKitOptions["onClientTool"]> | null;
  header: {
    enabled: boolean;
    title: { enabled: boolean; text: string | null };
    leftAction: NonNullable<ChatKitOptions["header"]>["leftAction"] | null;
    rightAction: NonNullable<ChatKitOptions["header"]>["rightAction"] | null;
  };
  history: { enabled: boolean; showDelete: boolean; showRename: boolean };
  startScreen: NonNullable<ChatKitOptions["startScreen"]>;
  threadItemActions: { feedback: boolean; retry: boolean };
  composer: NonNullable<ChatKitOptions["composer"]>;
  disclaimer: NonNullable<ChatKitOptions["disclaimer"]> | null;
  entities: NonNullable<ChatKitOptions["entities"]>;
  commands: NonNullable<ChatKitOptions["commands"]> | null;
  widgets: NonNullable<ChatKitOptions["widgets"]>;
  thread: { autoScroll: boolean };
}

/**
 * Read the page's options. Throws TypeError for ones with which nothing works.
 */
export function read(given: ChatKitOptions): Options {
  requireApi(given.api);
  const { header = {}, history = {}, threadItemActions = {} } = given;
  return {
    api: given.api,
    locale: given.locale ?? null,
    theme: typeof given.theme === "string" ? { colorScheme: given.theme } : (given.theme ?? {}),
    frameTitle: given.frameTitle ?? null,
    initialThread: given.initialThread ?? null,
    onClientTool: given.onClientTool ?? null,
    header: {
      enabled: header.enabled ?? true,
      title: { enabled: header.title?.enabled ?? true, text: header.title?.text ?? null },
      leftAction: header.leftAction ?? null,
      rightAction: header.rightAction ?? null,
    },
    history: {
      enabled: history.enabled ?? true,
      showDelete: history.showDelete ?? true,
      showRename: history.showRename ?? true,
    },
    startScreen: given.startScreen ?? {},
    threadItemActions: {
      feedback: threadItemActions.feedback ?? false,
      retry: threadItemActions.retry ?? false,
    },
    composer: given.composer ?? {},
    disclaimer: given.disclaimer ?? null,
    entities: given.entities ?? {},
    commands: given.commands?.enabled ? given.commands : null,
    widgets: given.widgets ?? {},
    thread: { autoScroll: given.thread?.autoScroll ?? false },
  };
}

function requireApi(api: unknown): void {
  const found = api as Partial<Record<"url" | "getClientSecret", unknown>> | null | undefined;
  if (typeof found?.url === "string" || typeof found?.getClientSecret === "function") return;
  throw new TypeError(
    "ChatKit options need api: { url, domainKey } for a server, or api: { getClientSecret } for " +
      `sessions; api is ${JSON.stringify(api)}`,
  );
}
