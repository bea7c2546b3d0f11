#include "core/weights/csv.h"

namespace rnnscope::weights {

namespace {

class Parser
{
public:
    Parser(std::string_view text, const fs::path& path, std::size_t mostColumns, std::size_t mostCells)
        : m_rest(text)
        , m_path(path)
        , m_mostColumns(mostColumns)
        , m_mostCells(mostCells)
    {
        constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
        if (m_rest.starts_with(kByteOrderMark))
            m_rest.remove_prefix(kByteOrderMark.size());
    }

    Result<Csv> parse()
    {
        Csv csv;
        while (!m_rest.empty()) {
            if (atLineEnd()) {
                skipLineEnd();
                continue;
            }
            const std::size_t line = m_line;
            auto row = readRow(csv.header.empty() ? m_mostColumns : csv.header.size(), line);
            if (!row)
                return forward(row);
            if (csv.header.empty()) {
                csv.header = *std::move(row);
                continue;
            }
            if (row->size() != csv.header.size())
                return bad(
                    line,
                    fmt::format("has {} cells, expected {} as in the first line", row->size(), csv.header.size()));
            if (csv.cells.size() + row->size() > m_mostCells)
                return bad(line, fmt::format("is beyond the {} cells that are read", m_mostCells));
            csv.lines.push_back(line);
            for (std::string& cell : *row)
                csv.cells.push_back(std::move(cell));
        }
        return csv;
    }

private:
    bool atLineEnd() const { return m_rest.front() == '\n' || m_rest.front() == '\r'; }

    void skipLineEnd()
    {
        m_rest.remove_prefix(m_rest.starts_with("\r\n") ? 2 : 1);
        ++m_line;
    }

    tl::unexpected<Error> bad(std::size_t line, const std::string& what) const
    {
        return fail(Errc::BadFormat, fmt::format("{}: line {} {}", m_path.string(), line, what));
    }

    /// Cells up to the line's end, which goes too.
    Result<std::vector<std::string>> readRow(std::size_t mostColumns, std::size_t line)
    {
        std::vector<std::string> row;
        while (true) {
            auto cell = !m_rest.empty() && m_rest.front() == '"' ? readQuoted(line) : readPlain();
            if (!cell)
                return forward(cell);
            row.push_back(*std::move(cell));
            if (m_rest.empty())
                return row;
            if (atLineEnd()) {
                skipLineEnd();
                return row;
            }
            if (m_rest.front() != ',')
                return bad(line, "goes on behind a closing quote, expected a comma");
            m_rest.remove_prefix(1);
            if (row.size() > mostColumns)
                return bad(line, fmt::format("has more than {} cells", mostColumns));
        }
    }

    Result<std::string> readPlain()
    {
        const std::size_t end = std::min(m_rest.find_first_of(",\r\n"), m_rest.size());
        std::string cell(m_rest.substr(0, end));
        m_rest.remove_prefix(end);
        return cell;
    }

    Result<std::string> readQuoted(std::size_t line)
    {
        std::string cell;
        m_rest.remove_prefix(1);
        while (true) {
            const std::size_t quote = m_rest.find('"');
            if (quote == std::string_view::npos)
                return bad(line, "opens a quote that is never closed");
            const std::string_view piece = m_rest.substr(0, quote);
            countLines(piece);
            cell += piece;
            m_rest.remove_prefix(quote + 1);
            if (m_rest.empty() || m_rest.front() != '"')
                return cell;
            cell += '"';
            m_rest.remove_prefix(1);
        }
    }

    void countLines(std::string_view piece)
    {
        for (std::size_t i = 0; i < piece.size(); ++i)
            m_line += piece[i] == '\n' || (piece[i] == '\r' && piece.substr(i + 1, 1) != "\n") ? 1 : 0;
    }

    std::string_view m_rest;
    const fs::path& m_path;
    std::size_t m_mostColumns;
    std::size_t m_mostCells;
    std::size_t m_line = 1;
};

} // namespace

Result<Csv> parseCsv(std::string_view text, const fs::path& path, std::size_t mostColumns, std::size_t mostCells)
{
    return Parser(text, path, mostColumns, mostCells).parse();
}

} // namespace rnnscope::weights
