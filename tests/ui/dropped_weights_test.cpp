#include "question_files.h"
#include "ui/dialogs/save_dialog.h"
#include "ui/panels/encoder_form.h"
#include "ui/panels/file_delegate.h"
#include "ui/panels/file_list.h"
#include "ui/panels/question_bar.h"
#include "ui/panels/sizes_form.h"
#include "ui/panels/stack_form.h"
#include "window_case.h"

#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>

#include <cstring>
#include <fstream>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace rnnscope::ui {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A published flat encoder of networks with so many parameters, as safetensors.
fs::path writeEncoderState(const fs::path& path, std::size_t parameters)
{
    nlohmann::ordered_json header;
    std::size_t bytes = 0;
    const auto add = [&](const char* name, std::vector<std::size_t> shape) {
        std::size_t entries = 1;
        for (const auto size : shape)
            entries *= size;
        header[name] = {{"dtype", "F32"}, {"shape", shape}, {"data_offsets", {bytes, bytes + 4 * entries}}};
        bytes += 4 * entries;
    };
    add("mlp_model.0.weight", {16, parameters});
    add("mlp_model.0.bias", {16});
    add("mlp_model.2.weight", {8, 16});
    add("mlp_model.2.bias", {8});
    const auto text = header.dump();
    const std::uint64_t length = text.size();
    std::array<char, 8> prefix {};
    std::memcpy(prefix.data(), &length, prefix.size());
    std::ofstream(path, std::ios::binary).write(prefix.data(), prefix.size()) << text << std::string(bytes, '\0');
    return path;
}

/// Weight files dropped on a window that shows a zoo.
class DroppedWeights : public WindowCase
{
protected:
    static constexpr std::size_t kZoo = 18;

    DroppedWeights() { drop({files.zoo({.hidden = 32, .layers = 2}), files.checkpoint("probing")}); }

    static QString sample(const char* name)
    {
        return QStringLiteral(RNNSCOPE_SOURCE_DIR "/tests/data/weights/") + QString::fromLatin1(name);
    }

    void wait() const
    {
        ASSERT_TRUE(test::waitFor([&] { return !session.busy(); }));
    }

    QuestionBar& questions() const { return *find<QuestionBar>("questions"); }

    template <typename Form>
    Form* asked() const
    {
        auto* form = qobject_cast<Form*>(questions().shown());
        EXPECT_NE(form, nullptr);
        return form;
    }

    /// Sentences and details, without the places where long words may break.
    std::string said() const
    {
        QStringList texts;
        for (const auto* label : messages().findChildren<QLabel*>())
            texts << label->text().remove(QChar(0x200B));
        return texts.join('\n').toStdString();
    }

    std::string report(const char* name) const
    {
        return find<QLabel>(name)->text().remove(QChar(0x200B)).toStdString();
    }
};

TEST_F(DroppedWeights, ShowWhatWasMadeOfTheFile)
{
    EXPECT_TRUE(find<QWidget>("loadSection")->isHidden()) << "a network of a zoo";
    drop({sample("checkpoint_epoch.pt")});
    EXPECT_EQ(messages().count(), 0) << said();
    ASSERT_EQ(session.dropped().size(), 1U);
    ASSERT_EQ(session.embedded()->zoo->size, kZoo + 1);
    EXPECT_TRUE(find<QWidget>("loadSection")->isVisible());
    EXPECT_EQ(find<QToolButton>("loadToggle")->text(), "Loaded from checkpoint_epoch.pt");
    EXPECT_THAT(report("loadSummary"), HasSubstr("LSTM 2×32, 6 in, 6 out"));
    EXPECT_THAT(report("loadSummary"), HasSubstr("float32; 10 tensors used"));
    QTest::keyClick(find<QToolButton>("loadToggle"), Qt::Key_Space);
    EXPECT_TRUE(find<QLabel>("loadDetails")->isVisible());
    EXPECT_THAT(report("loadDetails"), HasSubstr("lstm.weight_ih_l0"));
    const auto* row = find<FileList>("droppedList")->item(0);
    EXPECT_THAT(row->toolTip().toStdString(), HasSubstr("10 tensors used"));
    window.selection().select(2);
    EXPECT_TRUE(find<QWidget>("loadSection")->isHidden());
}

TEST_F(DroppedWeights, WithNanAreNotEmbeddedAndSaySo)
{
    drop({sample("rnnfast_nan.pt")});
    EXPECT_THAT(said(), HasSubstr("rnnfast_nan.pt: 2 weights are NaN or infinite, so it is not embedded."));
    ASSERT_EQ(session.dropped().size(), 1U);
    EXPECT_EQ(find<FileList>("droppedList")->item(0)->data(SecondRole).toString(), "NaN weights, not embedded");
    const auto shown = session.embedded();
    ASSERT_EQ(shown->zoo->size, kZoo + 1);
    EXPECT_TRUE(std::isnan(shown->map(kZoo, 0)));
    window.selection().select(kZoo);
    EXPECT_TRUE(find<QLabel>("loadWarning")->isVisible());
}

TEST_F(DroppedWeights, WithTwoNetworksAskWhichIsMeant)
{
    const auto before = session.embedded();
    drop({sample("two_lstms.pt")});
    auto* form = asked<StackForm>();
    EXPECT_TRUE(questions().isVisible());
    EXPECT_EQ(messages().count(), 0) << "a question is no error";
    EXPECT_EQ(session.embedded(), before) << "nothing waits for the answer";
    auto* stack = form->findChild<QComboBox*>("stackChooser");
    ASSERT_EQ(stack->count(), 2);
    EXPECT_THAT(stack->itemText(0).toStdString(), HasSubstr("encoder"));
    QTest::keyClick(form, Qt::Key_Return);
    wait();
    EXPECT_TRUE(questions().isHidden());
    ASSERT_EQ(session.dropped().size(), 1U) << said();
    EXPECT_THAT(session.dropped()[0].reports.at(0).network, HasSubstr("encoder"));
}

TEST_F(DroppedWeights, WithoutNamesBeginWithTheSizesOfTheOpenZoo)
{
    drop({sample("flat_vector.npy"), sample("flat_batch.npy")});
    EXPECT_EQ(questions().count(), 1) << "they are alike";
    auto* form = asked<SizesForm>();
    EXPECT_EQ(form->findChild<QSpinBox*>("sizesHidden")->value(), 32);
    EXPECT_EQ(form->findChild<QLabel*>("questionVerdict")->text(), QString::fromUtf8("13\u2009766 parameters ✓"));
    QTest::mouseClick(form->findChild<QPushButton*>("questionOpen"), Qt::LeftButton);
    wait();
    EXPECT_EQ(messages().count(), 0) << said();
    EXPECT_EQ(session.dropped().size(), 2U);
    EXPECT_EQ(session.embedded()->zoo->size, kZoo + 1 + 3) << "a vector and three rows";
}

TEST_F(DroppedWeights, AreLeftAloneWhenTheQuestionIsDismissed)
{
    drop({sample("flat_vector.npy")});
    QTest::keyClick(asked<SizesForm>(), Qt::Key_Escape);
    wait();
    EXPECT_EQ(questions().count(), 0);
    EXPECT_TRUE(session.dropped().empty());
}

TEST_F(DroppedWeights, WithMaliceAreRefusedByNameAndDoNothing)
{
    const auto before = session.embedded();
    const auto selected = window.selection().ids();
    for (const auto& [name, culprit] :
         std::initializer_list<std::pair<const char*, const char*>> {{"malicious_zip.pt", "system"},
                                                                     {"malicious_legacy.pt", "system"},
                                                                     {"malicious_eval.pt", "eval"},
                                                                     {"malicious_getattr.pt", "getattr"},
                                                                     {"malicious_plain_pickle.pkl", ""},
                                                                     {"malicious_object.npy", ""},
                                                                     {"malicious_object.npz", ""}}) {
        messages().dismissAll();
        drop({sample(name)});
        EXPECT_EQ(messages().count(), 1) << name;
        EXPECT_THAT(said(), HasSubstr(name));
        EXPECT_THAT(said(), HasSubstr(culprit));
    }
    EXPECT_EQ(session.embedded(), before);
    EXPECT_EQ(window.selection().ids(), selected);
    EXPECT_TRUE(session.dropped().empty());
    EXPECT_EQ(questions().count(), 0);
    for (const auto& folder : {fs::temp_directory_path(), fs::current_path(), fs::path(QDir::homePath().toStdString())})
        EXPECT_FALSE(fs::exists(folder / "pwned")) << folder;
}

TEST_F(DroppedWeights, ThatAreRefusedTogetherAreOneMessage)
{
    drop({sample("malicious_eval.pt"), sample("truncated.pt"), sample("rnnfast.npz"), sample("mlp_only.pt")});
    EXPECT_EQ(messages().count(), 1) << said();
    EXPECT_THAT(said(), HasSubstr("3 files could not be opened"));
    for (const char* name : {"malicious_eval.pt", "truncated.pt", "mlp_only.pt"})
        EXPECT_THAT(said(), HasSubstr(name));
    EXPECT_EQ(session.dropped().size(), 1U) << "the good one is there";
}

TEST_F(DroppedWeights, MayBePublishedEncoders)
{
    const auto parameters = session.currentZoo()->architecture.parameterCount();
    drop({QString::fromStdString(
        writeEncoderState(files.folder() / "rnn_weight_encoder.safetensors", parameters).string())});
    ASSERT_EQ(messages().count(), 0) << said();
    auto* form = asked<EncoderForm>();
    EXPECT_EQ(form->findChild<QSpinBox*>("encoder:rnn.num_layers")->value(), 2) << "the open zoo's";
    QTest::keyClick(form, Qt::Key_Return);
    wait();
    ASSERT_EQ(session.checkpoints().size(), 2U) << said();
    EXPECT_EQ(session.currentCheckpoint()->config.kind, zoo::EncoderKind::Flat);
    EXPECT_EQ(session.currentCheckpoint()->config.rnn, session.currentZoo()->architecture);
    EXPECT_TRUE(session.embedded()->complete);
    EXPECT_THAT(said(), HasSubstr("rnn_weight_encoder.safetensors has no predictors"));
    drop({QString::fromStdString((files.folder() / "rnn_weight_encoder.safetensors").string())});
    QTest::keyClick(asked<EncoderForm>(), Qt::Key_Return);
    wait();
    EXPECT_EQ(session.checkpoints().size(), 2U) << "the same file again takes its place";
}

TEST_F(DroppedWeights, WithHostileFileNamesStayPlainAndKeepTheWindowsSize)
{
    const auto size = window.size();
    for (const char* name : {"<img src=x>.pt", "a\nb.pt", "\xE2\x80\xAEtp.exe.pt", "%1 &amp; %2.pt"})
        for (const char* source : {"two_lstms.pt", "rnnfast_formal.pt", "malicious_eval.pt"}) {
            const auto copy = files.folder() / (std::string(source).substr(0, 3) + name);
            fs::copy_file(sample(source).toStdString(), copy, fs::copy_options::overwrite_existing);
            drop({QString::fromStdString(copy.string())});
        }
    EXPECT_EQ(questions().count(), 4);
    EXPECT_EQ(session.dropped().size(), 4U);
    for (const auto* label : window.findChildren<QLabel*>())
        EXPECT_TRUE(label->textFormat() == Qt::PlainText || !label->text().contains("img src"))
            << label->text().toStdString();
    EXPECT_EQ(window.size(), size);
}

TEST_F(DroppedWeights, LongFileNamesDoNotWidenTheWindow)
{
    const std::string name = std::string(240, 'x') + ".pt";
    for (const char* source : {"two_lstms.pt", "malicious_eval.pt", "rnnfast_formal.pt"}) {
        fs::copy_file(sample(source).toStdString(), files.folder() / name, fs::copy_options::overwrite_existing);
        drop({QString::fromStdString((files.folder() / name).string())});
    }
    EXPECT_EQ(window.size(), QSize(1280, 800));
    EXPECT_LE(window.minimumSizeHint().width(), 1280);
}

TEST_F(DroppedWeights, AreWhatSavedNetworksAre)
{
    auto* action = find<QAction>("saveNetworks");
    window.selection().clear();
    EXPECT_FALSE(action->isEnabled());
    EXPECT_EQ(action->toolTip(), "Select networks on the map to save them");
    window.selection().set({3, 4});
    ASSERT_TRUE(action->isEnabled());
    action->trigger();
    auto* dialog = window.findChild<SaveDialog*>();
    ASSERT_NE(dialog, nullptr);
    const auto folder = files.folder() / "saved";
    dialog->findChild<QLineEdit*>("saveTarget")->setText(QString::fromStdString(folder.string()));
    QTest::mouseClick(dialog->findChild<QPushButton*>("saveStart"), Qt::LeftButton);
    wait();
    EXPECT_THAT(said(), HasSubstr("Saved 2 networks to"));
    EXPECT_TRUE(fs::exists(folder / "labels.csv"));
    messages().dismissAll();
    drop({QString::fromStdString(folder.string())});
    EXPECT_EQ(messages().count(), 0) << said();
    ASSERT_EQ(session.dropped().size(), 1U);
    const auto& again = *session.dropped()[0].zoo;
    ASSERT_EQ(again.size, 2U);
    std::vector<float> saved(2 * again.architecture.parameterCount());
    std::vector<float> original(saved.size());
    ASSERT_TRUE(again.parameters->read(0, 2, saved));
    ASSERT_TRUE(session.currentZoo()->parameters->read(3, 2, original));
    EXPECT_EQ(saved, original);
    const auto* accuracy = again.property("accuracy");
    ASSERT_NE(accuracy, nullptr);
    EXPECT_NEAR(accuracy->values[0], 3.0 / 8.0, 1e-6);
    EXPECT_NE(session.loadReport(session.dropped()[0].zoo, 1), nullptr);
}

} // namespace
} // namespace rnnscope::ui
