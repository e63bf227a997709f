/** Markdown as elements. Links to other sites open beside the console. */
import type { ComponentChildren } from "preact";
import { anchorOf, type Block, type Inline, readMarkdown } from "../../markdown.ts";

interface MarkdownProps {
  readonly text: string;
  /** Level of the page's heading above it: a `#` here comes one below. */
  readonly below?: number;
}

export function Markdown({ text, below = 1 }: MarkdownProps) {
  return (
    <div class="markdown">
      {readMarkdown(text).map((block) => (
        <BlockElement block={block} below={below} />
      ))}
    </div>
  );
}

interface BlockProps extends Required<Pick<MarkdownProps, "below">> {
  readonly block: Block;
}

function BlockElement({ block, below }: BlockProps) {
  switch (block.kind) {
    case "heading": {
      const Heading = `h${Math.min(6, block.level + below)}` as "h2";
      return <Heading id={anchorOf(block.children)}>{inlineElements(block.children)}</Heading>;
    }
    case "paragraph":
      return <p>{inlineElements(block.children)}</p>;
    case "list": {
      const List = block.isOrdered ? "ol" : "ul";
      return (
        <List>
          {block.items.map((item) => (
            <li>{inlineElements(item)}</li>
          ))}
        </List>
      );
    }
    case "code":
      return <pre>{block.text}</pre>;
    case "rule":
      return <hr />;
    case "table":
      return <Table block={block} />;
  }
}

function Table({ block: { head, rows } }: { readonly block: Extract<Block, { readonly kind: "table" }> }) {
  return (
    <div class="chart-values">
      <table>
        <thead>
          <tr>
            {head.map((cell) => (
              <th scope="col">{inlineElements(cell)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr>
              {cells.map((cell) => (
                <td>{inlineElements(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inlineElements(children: readonly Inline[]): ComponentChildren {
  return children.map((one) => inlineElement(one));
}

function inlineElement(one: Inline): ComponentChildren {
  switch (one.kind) {
    case "text":
      return one.text;
    case "code":
      return <code>{one.text}</code>;
    case "strong":
      return <strong>{inlineElements(one.children)}</strong>;
    case "emphasis":
      return <em>{inlineElements(one.children)}</em>;
    case "link": {
      const content = inlineElements(one.children);
      // Files of the project aren't served: the link's words say what to open.
      if (!/^https?:/i.test(one.href)) return <span title={one.href}>{content}</span>;
      return (
        <a href={one.href} target="_blank" rel="noreferrer">
          {content}
        </a>
      );
    }
  }
}
