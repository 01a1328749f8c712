import type { ReactNode } from "react";

export const metadata = { title: "ChatKit in Next.js", icons: { icon: "data:," } };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        {/* The element, from the backend through the proxy route. */}
        <script type="module" src="/backend/chatkit.js" async />
      </head>
      <body style={{ margin: 0 }}>{children}</body>
    </html>
  );
}
