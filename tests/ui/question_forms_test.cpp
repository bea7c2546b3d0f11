#include "qt_test.h"
#include "question_files.h"
#include "ui/panels/encoder_form.h"
#include "ui/panels/question_bar.h"
#include "ui/panels/sizes_form.h"
#include "ui/panels/stack_form.h"

#include <QAbstractSpinBox>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardItemModel>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace rnnscope::ui {
namespace {

using testing::HasSubstr;

constexpr zoo::Architecture kPublishedSizes {
    .cell = zoo::Cell::Lstm, .inputSize = 6, .hiddenSize = 32, .numLayers = 2, .outputSize = 6, .bias = true};

WeightQuestion stackQuestion(std::vector<weights::RecurrentStack> stacks)
{
    weights::Inspection inspection;
    inspection.stacks = std::move(stacks);
    return makeQuestion(*test::emptyFile("/somewhere/gan.pt"), inspection);
}

WeightQuestion flatQuestion(std::size_t parameters, const zoo::Architecture& likely)
{
    const auto file = test::emptyFile("flat.npy");
    file->add("0", {parameters});
    auto question = makeQuestion(*file, test::flatNumbers(parameters));
    question.likely = likely;
    return question;
}

EncoderImport encoderQuestion(std::size_t parameters, const std::string& name = "rnn_weight_encoder.pt")
{
    EncoderImport import {.file = test::flatEncoder(name, parameters), .guess = {}, .known = {}};
    import.guess = *weights::guessEncoder(*import.file, {});
    return import;
}

class QuestionFormsTest : public testing::Test
{
protected:
    QuestionFormsTest()
    {
        bar.resize(640, 200);
        bar.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&bar));
        bar.activateWindow();
        EXPECT_TRUE(QTest::qWaitForWindowActive(&bar));
    }

    template <typename Form>
    Form* add(Form* form)
    {
        QObject::connect(form, &QuestionForm::accepted, [this] { ++accepted; });
        QObject::connect(form, &QuestionForm::dismissed, [this] { ++dismissed; });
        bar.add(form);
        return form;
    }

    template <typename T>
    T* find(const char* name) const
    {
        auto* found = bar.shown()->findChild<T*>(QString::fromLatin1(name));
        EXPECT_NE(found, nullptr) << name;
        return found;
    }

    QPushButton* open() const { return find<QPushButton>("questionOpen"); }
    /// As it is read: without the places where long words may break.
    std::string text(const char* name) const { return find<QLabel>(name)->text().remove(QChar(0x200B)).toStdString(); }
    std::string verdict() const { return text("questionVerdict"); }
    std::string title() const { return text("questionTitle"); }

    QuestionBar bar;
    int accepted = 0;
    int dismissed = 0;
};

TEST_F(QuestionFormsTest, AStackAndItsReadOutAreChosenByMouse)
{
    auto* form = add(new StackForm(
        stackQuestion({test::stackNamed("a.lstm", {"a.out"}), test::stackNamed("b.lstm", {"b.out", "b.value"}),
                       test::stackNamed("c.lstm", {"c"}, "is bidirectional")})));
    EXPECT_EQ(title(), "gan.pt: 3 recurrent networks are in it. Which one is meant?");
    auto* stack = find<QComboBox>("stackChooser");
    auto* head = find<QComboBox>("headChooser");
    EXPECT_FALSE(head->isEnabled()) << "there is but one";
    EXPECT_FALSE(qobject_cast<QStandardItemModel*>(stack->model())->item(2)->isEnabled());
    EXPECT_THAT(stack->itemText(2).toStdString(), HasSubstr("is bidirectional"));
    stack->setCurrentIndex(1);
    ASSERT_EQ(head->count(), 2);
    head->setCurrentIndex(1);
    EXPECT_EQ(form->choices().rnnPrefix, "b.lstm");
    EXPECT_EQ(form->choices().head, "b.value");
    EXPECT_FALSE(form->choices().sizes.cell);
    QTest::mouseClick(open(), Qt::LeftButton);
    EXPECT_EQ(accepted, 1);
    EXPECT_EQ(bar.count(), 0);
    EXPECT_TRUE(bar.isHidden());
}

TEST_F(QuestionFormsTest, TheWholeFormWorksByKeyboard)
{
    auto* form
        = add(new StackForm(stackQuestion({test::stackNamed("a", {"a.out"}), test::stackNamed("b", {"b.out"})})));
    auto* stack = find<QComboBox>("stackChooser");
    ASSERT_TRUE(test::waitFor([&] { return stack->hasFocus(); })) << "the first field has the focus";
    QTest::keyClick(stack, Qt::Key_Down);
    EXPECT_EQ(form->choices().rnnPrefix, "b");
    QTest::keyClick(stack, Qt::Key_Return);
    EXPECT_EQ(accepted, 1);
    EXPECT_EQ(dismissed, 0);
}

TEST_F(QuestionFormsTest, EnterOnDismissDismisses)
{
    add(new StackForm(stackQuestion({test::stackNamed("a", {"a.out"}), test::stackNamed("b", {"b.out"})})));
    auto* dismiss = find<QPushButton>("questionDismiss");
    dismiss->setFocus();
    QTest::keyClick(dismiss, Qt::Key_Return);
    EXPECT_EQ(accepted, 0);
    EXPECT_EQ(dismissed, 1);
}

TEST_F(QuestionFormsTest, APlainRnnMayHaveEitherNonlinearity)
{
    auto plain = test::stackNamed("rnn", {"out", "value"});
    plain.cell = zoo::Cell::RnnTanh;
    plain.tanhOrRelu = true;
    auto* form = add(new StackForm(stackQuestion({plain})));
    EXPECT_EQ(title(), "gan.pt: several linear layers fit its network. Which one reads it?");
    EXPECT_EQ(form->choices().sizes.cell, zoo::Cell::RnnTanh);
    find<QComboBox>("nonlinearityChooser")->setCurrentIndex(1);
    EXPECT_EQ(form->choices().sizes.cell, zoo::Cell::RnnRelu);
}

TEST_F(QuestionFormsTest, NothingOpensWhereNoStackFits)
{
    add(new StackForm(stackQuestion({test::stackNamed("a", {"o"}, "is projected"), test::stackNamed("b", {})})));
    EXPECT_FALSE(open()->isEnabled());
    EXPECT_EQ(verdict(), "None of them can be loaded");
    QTest::keyClick(bar.shown(), Qt::Key_Return);
    EXPECT_EQ(accepted, 0);
    QTest::keyClick(bar.shown(), Qt::Key_Escape);
    EXPECT_EQ(dismissed, 1);
}

TEST_F(QuestionFormsTest, SizesAreCheckedWhileTheyAreTyped)
{
    auto* form = add(new SizesForm(flatQuestion(kPublishedSizes.parameterCount(), kPublishedSizes)));
    EXPECT_EQ(title(), "flat.npy: 13\u2009766 numbers without names. What network are they?");
    EXPECT_EQ(verdict(), "13\u2009766 parameters ✓");
    auto* hidden = find<QSpinBox>("sizesHidden");
    hidden->setFocus();
    hidden->selectAll();
    QTest::keyClicks(hidden, "16");
    EXPECT_THAT(verdict(), HasSubstr("These sizes need 3\u2009814 parameters, the file has 13\u2009766"));
    EXPECT_FALSE(open()->isEnabled());
    QTest::keyClick(hidden, Qt::Key_Return);
    EXPECT_EQ(accepted, 0) << "they do not fit";
    hidden->selectAll();
    QTest::keyClicks(hidden, "32");
    EXPECT_TRUE(open()->isEnabled());
    QTest::keyClick(hidden, Qt::Key_Return);
    EXPECT_EQ(accepted, 1);
    const auto sizes = form->choices().sizes;
    EXPECT_EQ(sizes.cell, zoo::Cell::Lstm);
    EXPECT_EQ(sizes.input, 6);
    EXPECT_EQ(sizes.hidden, 32);
    EXPECT_EQ(sizes.layers, 2);
    EXPECT_EQ(sizes.output, 6);
    EXPECT_EQ(sizes.bias, true);
}

TEST_F(QuestionFormsTest, SizesMayHaveNoBiases)
{
    auto without = kPublishedSizes;
    without.bias = false;
    auto* form = add(new SizesForm(flatQuestion(without.parameterCount(), kPublishedSizes)));
    EXPECT_FALSE(open()->isEnabled());
    find<QCheckBox>("sizesBias")->click();
    EXPECT_TRUE(open()->isEnabled());
    EXPECT_EQ(form->choices().sizes.bias, false);
    find<QComboBox>("sizesCell")->setCurrentIndex(1);
    EXPECT_FALSE(open()->isEnabled());
}

TEST_F(QuestionFormsTest, EscapeInAFieldDismisses)
{
    add(new SizesForm(flatQuestion(100, kPublishedSizes)));
    auto* hidden = find<QSpinBox>("sizesHidden");
    hidden->setFocus();
    QTest::keyClick(hidden, Qt::Key_Escape);
    EXPECT_EQ(dismissed, 1);
    EXPECT_EQ(bar.count(), 0);
}

TEST_F(QuestionFormsTest, AnEncodersQuestionsHaveFieldsWithLikelyAnswers)
{
    auto* form = add(new EncoderForm(encoderQuestion(kPublishedSizes.parameterCount())));
    EXPECT_EQ(title(), "rnn_weight_encoder.pt holds a published encoder (Flat). It does not tell:");
    EXPECT_THAT(verdict(), HasSubstr("reads LSTM 2×32, 6 in, 6 out ✓"));
    auto* hidden = find<QSpinBox>("encoder:rnn.hidden_size");
    hidden->setFocus();
    hidden->selectAll();
    QTest::keyClicks(hidden, "31");
    EXPECT_FALSE(open()->isEnabled());
    EXPECT_THAT(verdict(), HasSubstr("13766 parameters"));
    hidden->setValue(32);
    QTest::keyClick(hidden, Qt::Key_Return);
    EXPECT_EQ(accepted, 1);
    const auto config = nlohmann::json::parse(form->choices().config);
    EXPECT_EQ(config["rnn"]["cell"], "lstm");
    EXPECT_EQ(config["rnn"]["hidden_size"], 32);
}

TEST_F(QuestionFormsTest, QuestionsWaitForTheirTurn)
{
    for (const std::size_t parameters : {100U, 200U, 300U})
        add(new SizesForm(flatQuestion(parameters, kPublishedSizes)));
    EXPECT_EQ(bar.count(), 3);
    EXPECT_THAT(title(), HasSubstr("100 numbers"));
    const auto labels = bar.shown()->findChildren<QLabel*>("mutedText");
    EXPECT_TRUE(
        std::any_of(labels.begin(), labels.end(), [](const auto* each) { return each->text() == "2 more wait"; }));
    QTest::mouseClick(find<QPushButton>("questionDismiss"), Qt::LeftButton);
    EXPECT_THAT(title(), HasSubstr("200 numbers"));
    EXPECT_TRUE(bar.shown()->isVisible());
    EXPECT_EQ(bar.count(), 2);
}

TEST_F(QuestionFormsTest, EveryFieldHasAnAccessibleName)
{
    for (QuestionForm* form : std::initializer_list<QuestionForm*> {
             new SizesForm(flatQuestion(100, kPublishedSizes)), new EncoderForm(encoderQuestion(100)),
             new StackForm(stackQuestion({test::stackNamed("a", {"o"}), test::stackNamed("b", {"o"})}))}) {
        add(form);
        EXPECT_FALSE(form->accessibleName().isEmpty());
        for (const auto* field : form->findChildren<QComboBox*>())
            EXPECT_FALSE(field->accessibleName().isEmpty()) << field->objectName().toStdString();
        for (const auto* field : form->findChildren<QSpinBox*>())
            EXPECT_FALSE(field->accessibleName().isEmpty()) << field->objectName().toStdString();
    }
}

TEST_F(QuestionFormsTest, HostileNamesAreShortPlainTextAndDoNotWidenTheForm)
{
    for (const auto& name : test::hostileNames()) {
        auto question = stackQuestion({test::stackNamed(name, {name, "o"}), test::stackNamed("b", {"o"}, name)});
        question.files = {name, name};
        auto* stacks = add(new StackForm(question));
        auto* encoder = add(new EncoderForm(encoderQuestion(100, name)));
        for (const QuestionForm* form : {static_cast<QuestionForm*>(stacks), static_cast<QuestionForm*>(encoder)}) {
            EXPECT_LE(form->minimumSizeHint().width(), 640) << name.substr(0, 40);
            for (const auto* label : form->findChildren<QLabel*>()) {
                EXPECT_EQ(label->textFormat(), Qt::PlainText);
                for (const auto& line : label->text().split(QLatin1Char('\n')))
                    EXPECT_TRUE(test::isOneShortLine(line)) << line.left(100).toStdString();
            }
        }
        EXPECT_EQ(stacks->choices().rnnPrefix, name) << "what is opened is not what is shown";
    }
}

} // namespace
} // namespace rnnscope::ui
